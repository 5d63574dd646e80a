/** Sessions in four views. */
import { KeyError } from 'tsango/core/exceptions';
import { type HttpRequest, HttpResponse } from 'tsango/http';
import { render } from 'tsango/shortcuts';

declare module 'tsango/contrib/sessions' {
  /** What this site keeps in a session: the compiler knows the type of each key. */
  interface SessionData {
    name?: string;
    age?: number;
    visits?: number;
  }
}

export function setSession(request: HttpRequest): HttpResponse {
  request.session['name'] = 'amrit panta';
  return new HttpResponse('set successfully');
}

/** Without the key this is a KeyError, and so a 500: the debug page while DEBUG is on. */
export function getSession(request: HttpRequest): HttpResponse {
  const data = request.session['name'];
  return new HttpResponse(`data is ${data}`);
}

export function deleteSession(request: HttpRequest): HttpResponse {
  try {
    delete request.session['name'];
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    return new HttpResponse('session doesnot exist');
  }
  return new HttpResponse('deleted successfully');
}

export async function getSessionMethod(request: HttpRequest): Promise<HttpResponse> {
  const keys = request.session.keys();
  const items = request.session.items();
  const age = request.session.setdefault('age', 25);
  await request.session.flush();
  return render(request, 'getsession.html', { keys, items, age });
}
