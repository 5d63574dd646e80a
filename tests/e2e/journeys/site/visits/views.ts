import * as messages from 'tsango/contrib/messages';
import { BadSignature, dumps, loads, SignatureExpired } from 'tsango/core/signing';
import { Http404, type HttpRequest, HttpResponse } from 'tsango/http';
import { redirect, render } from 'tsango/shortcuts';
import { requirePOST } from 'tsango/views/decorators';

/** What the session holds, and forms that change it. */
export function index(request: HttpRequest): HttpResponse {
  const { session } = request;
  return render(request, 'visits/index.html', { worked: session.testCookieWorked() });
}

const CHANGES: Record<string, (request: HttpRequest) => unknown> = {
  set: ({ session, POST }) => session.update({ [POST['key'] ?? '']: POST['value'] }),
  add: ({ session, POST }) => session.setdefault<unknown[]>('cart', []).push(POST['value']),
  pop: ({ session, POST }) => session.pop(POST['key'] ?? ''),
  cycle: ({ session }) => session.cycleKey(),
  flush: ({ session }) => session.flush(),
  clear: ({ session }) => session.clear(),
  expiry: ({ session, POST }) => session.setExpiry(Number(POST['value'])),
  test: ({ session }) => session.setTestCookie(),
};

export const change = requirePOST(async (request: HttpRequest, { how }: { how: string }) => {
  const make = Object.hasOwn(CHANGES, how) ? CHANGES[how] : undefined;
  if (make === undefined) throw new Http404(`Nobody can ${how} a session.`);
  await make(request);
  return redirect('visits:index');
});

/** Reads the session, takes its time, and writes one key. */
export async function slow(request: HttpRequest, { key }: { key: string }): Promise<HttpResponse> {
  const before = request.session.get('visits', 0) as number;
  await new Promise((resolve) => setTimeout(resolve, 300));
  request.session.update({ [key]: before + 1 });
  return new HttpResponse(`${key} is set`);
}

/** A cookie that is signed. */
export function member(request: HttpRequest): HttpResponse {
  if (request.method === 'POST') {
    const response = redirect('visits:member');
    const maxAge = Number(request.POST.get('age', '3600'));
    response.setSignedCookie('member', request.POST['name'] ?? '', { salt: 'door', maxAge, httponly: true });
    return response;
  }
  const name = request.getSignedCookie('member', { default: null, salt: 'door', maxAge: 3600 });
  return render(request, 'visits/member.html', { name });
}

/** Leaves messages, for the page after the next. */
export const say = requirePOST((request: HttpRequest) => {
  for (const text of request.POST.getlist('text')) messages.success(request, text, { extraTags: 'said' });
  messages.debug(request, 'Below the level that is recorded.');
  messages.error(request, 'And an error.');
  return redirect('visits:again');
});

export const again = () => redirect('visits:index');

/** A link that nobody else can make. */
export function invite(request: HttpRequest): HttpResponse {
  const link = dumps({ guest: 'Ada & Zoë' }, { salt: 'invite', compress: true });
  return render(request, 'visits/invite.html', { link });
}

export function accept(request: HttpRequest, { token }: { token: string }): HttpResponse {
  try {
    const { guest } = loads(token, {
      salt: 'invite',
      maxAge: Number(request.GET.get('within', '60')),
    }) as Record<string, string>;
    return render(request, 'visits/invite.html', { guest });
  } catch (error) {
    if (error instanceof SignatureExpired) return new HttpResponse('Too late.', { status: 410 });
    if (error instanceof BadSignature) throw new Http404('No such link.');
    throw error;
  }
}
