/** Views of the recorded site of users that no description holds. */
import type { HttpRequest } from 'tsango/http';
import { HttpResponse } from 'tsango/http';

export async function remoteUserAuthView(request: HttpRequest): Promise<HttpResponse> {
  return new HttpResponse(`Username is ${String(await request.user)}.`);
}
