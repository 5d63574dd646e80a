/** Django: `django.views.decorators.gzip`. */
import { GZipMiddleware } from '../../middleware/gzip';
import { decoratorFromMiddleware } from '../../utils/decorators';

/** Does to one view what GZipMiddleware does to all. */
export const gzipPage = decoratorFromMiddleware(GZipMiddleware);
