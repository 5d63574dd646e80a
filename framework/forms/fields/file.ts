/** Files. Django: `FileField`, `ImageField` of `django.forms.fields`. */
import type { File } from '../../core/files/base';
import { imageFacts } from '../../core/files/images';
import type { UploadedFile } from '../../core/files/uploadedfile';
import { validateImageFileExtension } from '../../core/validators';
import { isTruthy } from '../../python/ops';
import { textLength } from '../../python/text';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import { gettextLazy as _, ngettextLazy } from '../../utils/translation';
import type { BoundField } from '../boundfield';
import {
  type Attrs,
  ClearableFileInput,
  FILE_INPUT_CONTRADICTION,
  FileInput,
  type Widget,
  type WidgetClass,
} from '../widgets';
import { Field, type FieldOptions, type FieldValidator, isEmpty, type Opt } from './base';

/** What fields for files take. */
export interface FileFieldOptions extends FieldOptions {
  /** Of the file's name, in characters. */
  readonly maxLength?: number | null;
  readonly allowEmptyFile?: boolean;
}

/** A file. `false` is the wish to clear the stored one, `null` that there is none. */
export class FileField<const O extends FileFieldOptions = FileFieldOptions> extends Field<
  Opt<UploadedFile, O, false | null>
> {
  static override widget: WidgetClass = ClearableFileInput;
  static override defaultErrorMessages = {
    invalid: _('No file was submitted. Check the encoding type on the form.'),
    missing: _('No file was submitted.'),
    empty: _('The submitted file is empty.'),
    max_length: ngettextLazy(
      'Ensure this filename has at most %(max)d character (it has %(length)d).',
      'Ensure this filename has at most %(max)d characters (it has %(length)d).',
      'max',
    ),
    contradiction: _('Please either submit a file or check the clear checkbox, not both.'),
  };
  maxLength: number | null;
  allowEmptyFile: boolean;

  constructor(options?: O) {
    super(options);
    const { maxLength, allowEmptyFile }: FileFieldOptions = options ?? {};
    this.maxLength = maxLength ?? null;
    this.allowEmptyFile = allowEmptyFile ?? false;
  }

  override toPython(data: unknown): MaybePromise<Opt<UploadedFile, O, false | null>> {
    return this.file(data) as Opt<UploadedFile, O, false | null>;
  }

  protected file(data: unknown): File | null {
    if (isEmpty(data)) return null;
    if (data === null || typeof data !== 'object' || !('name' in data) || !('size' in data)) {
      throw this.error('invalid');
    }
    const { name, size } = data as File;
    const length = textLength(name ?? '');
    if (this.maxLength !== null && length > this.maxLength) {
      throw this.error('max_length', { max: this.maxLength, length });
    }
    if (!name) throw this.error('invalid');
    if (!this.allowEmptyFile && !size) throw this.error('empty');
    return data as File;
  }

  override clean(data: unknown, initial: unknown = null): MaybePromise<Opt<UploadedFile, O, false | null>> {
    type Value = Opt<UploadedFile, O, false | null>;
    if (data === FILE_INPUT_CONTRADICTION) throw this.error('contradiction');
    if (data === false && !this.required) return false as Value;
    const given = data === false ? null : data;
    // The stored file stays where none was sent.
    if (!isTruthy(given) && isTruthy(initial)) return initial as Value;
    return super.clean(given);
  }

  override boundData(_data: unknown, initial: unknown): unknown {
    return initial;
  }

  override hasChanged(_initial: unknown, data: unknown): boolean {
    return !this.disabled && data !== null && data !== undefined;
  }

  override cleanBoundField(bound: BoundField): MaybePromise<Opt<UploadedFile, O, false | null>> {
    return this.clean(this.disabled ? bound.initial : bound.data, bound.initial);
  }
}

/** A file that is an image, by its name and by its first bytes. */
export class ImageField<const O extends FileFieldOptions = FileFieldOptions> extends FileField<O> {
  static override defaultValidators: readonly FieldValidator[] = [validateImageFileExtension];
  static override defaultErrorMessages = {
    ...FileField.defaultErrorMessages,
    invalid_image: _(
      'Upload a valid image. The file you uploaded was either not an image or a corrupted image.',
    ),
  };

  override toPython(data: unknown): MaybePromise<Opt<UploadedFile, O, false | null>> {
    type Value = Opt<UploadedFile, O, false | null>;
    const file = this.file(data);
    if (file === null) return null as Value;
    file.seek(0);
    return then(file.read(), (bytes) => {
      file.seek(0);
      const image = imageFacts(bytes, 'forms.ImageField');
      if (image === undefined) throw this.error('invalid_image');
      // What the client said of it was only said.
      Object.assign(file, { contentType: `image/${image.type}` });
      return file as unknown as Value;
    });
  }

  override widgetAttrs(widget: Widget): Attrs {
    const attrs = super.widgetAttrs(widget);
    if (widget instanceof FileInput && !Object.hasOwn(widget.attrs, 'accept')) attrs['accept'] ??= 'image/*';
    return attrs;
  }
}
