/** Names of files. */
import type { Text } from '../../utils/functional';
import { gettextLazy as _ } from '../../utils/translation';
import { BaseCallable, type ValidatorOptions } from './base';

/** The name ends in one of these, in any case. */
export class FileExtensionValidator extends BaseCallable {
  readonly message: Text;
  readonly code: string;
  readonly allowedExtensions: readonly string[] | null;

  constructor(allowedExtensions: readonly string[] | null = null, { message, code }: ValidatorOptions = {}) {
    super();
    this.allowedExtensions = allowedExtensions?.map((extension) => extension.toLowerCase()) ?? null;
    this.message =
      message ??
      _('File extension “%(extension)s” is not allowed. Allowed extensions are: %(allowed_extensions)s.');
    this.code = code ?? 'invalid_extension';
  }

  /** The value has a `name`: a file. */
  override validate(value: unknown): void {
    const extension = suffix(String((value as { name: unknown }).name));
    if (this.allowedExtensions === null || this.allowedExtensions.includes(extension)) return;
    throw this.error(value, this.message, this.code, {
      extension,
      allowed_extensions: this.allowedExtensions.join(', '),
    });
  }

  protected override identity(): readonly unknown[] {
    return [[...(this.allowedExtensions ?? [])].sort().join(' '), this.message, this.code];
  }
}

/** What follows the last dot of a file's name, in lower case. */
function suffix(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 && dot < name.length - 1 ? name.slice(dot + 1).toLowerCase() : '';
}

/** What Pillow, with which Django looks at pictures, reads. */
const IMAGE_EXTENSIONS =
  'blp bmp bufr cur pcx dcx dds dib eps ps fit fits fli flc ftc ftu gbr gif grib h5 hdf png apng jp2 j2k jpc jpf jpx j2c ' +
  'icns ico im iim jfif jpe jpg jpeg mpg mpeg tif tiff mpo msp palm pcd pdf pxr pbm pgm ppm pnm pfm psd qoi bw rgb rgba ' +
  'sgi ras tga icb vda vst webp avif avifs wmf emf xbm xpm';

/** The endings of files that are pictures. */
export function getAvailableImageExtensions(): string[] {
  return IMAGE_EXTENSIONS.split(' ');
}

/** @throws ValidationError for a file whose name is no picture's. */
export function validateImageFileExtension(value: unknown): void {
  new FileExtensionValidator(getAvailableImageExtensions())(value);
}
