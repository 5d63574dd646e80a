import type { UploadedFile } from '../core/files/uploadedfile';
import type { UploadHandler } from '../core/files/uploadhandler';
import type { MultiValueDict } from '../utils/datastructures';
import type { QueryDict } from './querydict';
import type { HttpRequest } from './request';
import type { RequestBody } from './request_body';

export async function parseUpload(
  _request: HttpRequest,
  _body: RequestBody,
  _handlers: readonly UploadHandler[],
): Promise<{ post: QueryDict; files: MultiValueDict<UploadedFile> }> {
  throw new Error('not yet');
}
