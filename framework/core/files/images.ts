/** What images are, by the headers that their files begin with. Django: `django.core.files.images`, and what it asks Pillow. */
import { optionalRequire } from '../../utils/optional';

/** In pixels. */
export interface ImageDimensions {
  readonly width: number;
  readonly height: number;
}

/** An image, with its kind as media types have it: `png`, `jpeg`. */
export interface ImageFacts extends ImageDimensions {
  readonly type: string;
}

/** A module of image-size. They are asked one by one: all at once would let vector graphics and much else be images. */
interface Reader {
  validate(data: Uint8Array): boolean;
  calculate(data: Uint8Array): { width: number; height: number; type?: string };
}

/** The modules that know of files with a first byte: their name, that of their reader, and of what they read. */
const KINDS: Readonly<Record<number, readonly (readonly [module: string, reader: string, type: string])[]>> =
  {
    0: [
      ['ico', 'ICO', 'x-icon'],
      ['heif', 'HEIF', 'avif'],
    ],
    66: [['bmp', 'BMP', 'bmp']],
    71: [['gif', 'GIF', 'gif']],
    73: [['tiff', 'TIFF', 'tiff']],
    77: [['tiff', 'TIFF', 'tiff']],
    82: [['webp', 'WEBP', 'webp']],
    137: [['png', 'PNG', 'png']],
    255: [['jpg', 'JPG', 'jpeg']],
  };

/** What is looked at of a file of boxes: what is asked of each box grows with how many there are. */
const MAX_BOXES = 16_384;

/**
 * What an image is; undefined for what is none, or of a kind that browsers and Pillow do not share.
 *
 * @param neededBy what wants to know, as its developer wrote it.
 * @throws ImproperlyConfigured where the package image-size is not installed.
 */
export function imageFacts(data: Uint8Array, neededBy: string): ImageFacts | undefined {
  const kinds = data.length === 0 ? undefined : KINDS[data[0] as number];
  // What the package reads beyond the end has to be the end, and not what else is in Node's pool of small buffers.
  const own = data.byteLength === data.buffer.byteLength ? data : Uint8Array.from(data);
  for (const [module, name, type] of kinds ?? []) {
    const known = optionalRequire<Readonly<Record<string, Reader>>>('image-size', neededBy, {
      modules: [`image-size/types/${module}`],
    });
    const size = sizeBy(known[name] as Reader, module === 'heif' ? own.subarray(0, MAX_BOXES) : own);
    if (size !== undefined && (module !== 'heif' || size.type === type)) return { ...size, type };
  }
  return undefined;
}

function sizeBy(
  reader: Reader,
  data: Uint8Array,
): { width: number; height: number; type?: string } | undefined {
  try {
    if (!reader.validate(data)) return undefined;
    const size = reader.calculate(data);
    return size.width > 0 && size.height > 0 ? size : undefined;
  } catch {
    return undefined; // Its headers end early, or contradict each other.
  }
}

/** The size of an image; undefined for what is none. */
export function imageDimensions(data: Uint8Array, neededBy = 'ImageField'): ImageDimensions | undefined {
  const facts = imageFacts(data, neededBy);
  return facts && { width: facts.width, height: facts.height };
}
