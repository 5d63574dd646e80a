/** The API: JSON in, JSON out; who asks is said by the session. */
import { authenticate, login, logout } from 'tsango/contrib/auth';
import { type HttpRequest, JsonResponse } from 'tsango/http';
import { getToken } from 'tsango/middleware/csrf';
import { getObjectOr404 } from 'tsango/shortcuts';
import { Note } from './models';

const refuse = (status: number, error: string) => new JsonResponse({ error }, { status });

/** The object that a request's body is; an empty one if it is none. */
function body(request: HttpRequest): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(request.body.toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

async function who(request: HttpRequest): Promise<JsonResponse> {
  const user = await request.user;
  return new JsonResponse({
    user: user.isAuthenticated ? user.getUsername() : null,
    csrfToken: getToken(request),
  });
}

/** Who is there, and the token that a script sends as X-CSRFToken. */
export async function session(request: HttpRequest) {
  if (request.method === 'POST') {
    const { username, password } = body(request);
    const user = await authenticate(request, { username: text(username), password: text(password) });
    if (!user) return refuse(400, 'That is not the name and password of anybody.');
    await login(request, user);
  } else if (request.method === 'DELETE') await logout(request);
  return who(request);
}

const shown = ({ id, text, done }: Note) => ({ id, text, done });

export async function notes(request: HttpRequest) {
  const user = await request.user;
  if (!user.isAuthenticated) return refuse(401, 'Log in first.');
  const own = Note.objects.filter({ ownerId: Number(user.pk) });
  if (request.method !== 'POST') return new JsonResponse({ notes: (await own).map(shown) });
  const words = text(body(request)['text']).trim();
  if (words === '' || words.length > 200) return refuse(400, 'A note has 1 to 200 letters.');
  return new JsonResponse(shown(await Note.objects.create({ ownerId: Number(user.pk), text: words })), {
    status: 201,
  });
}

export async function note(request: HttpRequest, { id }: { id: number }) {
  const user = await request.user;
  if (!user.isAuthenticated) return refuse(401, 'Log in first.');
  // Of others' notes nobody hears that they are there.
  const found = await getObjectOr404(Note, { id, ownerId: Number(user.pk) });
  if (request.method === 'DELETE') {
    await found.delete();
    return new JsonResponse({});
  }
  found.done = body(request)['done'] === true;
  await found.save({ updateFields: ['done'] });
  return new JsonResponse(shown(found));
}
