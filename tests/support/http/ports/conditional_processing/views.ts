/** Views of the recorded site of conditional requests: one page, and what it says of its version. */
import { HttpResponse } from 'tsango/http';
import { condition, etag, lastModified } from 'tsango/views/decorators';

const LAST_MODIFIED = new Date('2007-10-21T23:21:47Z');
const ETAG = '"b4246ffc4f62314ca13147c9d4f76974"';
const page = (): HttpResponse => new HttpResponse('Test conditional get response');

export const index = condition(
  () => ETAG,
  () => LAST_MODIFIED,
)(page);
export const lastModifiedView1 = condition(null, () => LAST_MODIFIED)(page);
export const lastModifiedView2 = lastModified(() => LAST_MODIFIED)(page);
export const etagView1 = condition(() => ETAG, null)(page);
export const etagView2 = etag(() => ETAG)(page);
export const etagViewUnquoted = etag(() => ETAG.slice(1, -1))(page);
export const etagViewWeak = etag(() => `W/${ETAG}`)(page);
export const etagViewNone = etag(() => null)(page);
