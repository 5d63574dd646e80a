/** The pages of the sample site: the live session, cookies, the guest book. */
import type { User } from 'tsango/contrib/auth/models';
import * as messages from 'tsango/contrib/messages';
import { KeyError } from 'tsango/core/exceptions';
import { Http404, type HttpRequest, type HttpResponse } from 'tsango/http';
import { redirect, render } from 'tsango/shortcuts';
import { reverse } from 'tsango/urls';
import { requirePOST } from 'tsango/views/decorators/http';
import { latestNotes, NoteForm } from './guest_book';
import * as views from './views';

/** The buttons of the home page. */
const BUTTONS: readonly { action: string; label: string; code: string; strong?: boolean }[] = [
  { action: 'set', label: 'Set the name', code: "request.session['name'] = 'amrit panta'", strong: true },
  { action: 'get', label: 'Get the name', code: "request.session['name']" },
  { action: 'delete', label: 'Delete the name', code: "delete request.session['name']" },
  { action: 'rotate', label: 'New key', code: 'request.session.cycleKey()' },
  { action: 'short', label: 'End in a minute', code: 'request.session.setExpiry(60)' },
  { action: 'flush', label: 'End the session', code: 'request.session.flush()' },
];

const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [60 * 60 * 24, 'day'],
  [60 * 60, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** A span of time in the largest unit that it fills: `14 days`. */
function inWords(seconds: number): string {
  const [unit, name] = UNITS.find(([length]) => seconds >= length) ?? [1, 'second'];
  const count = Math.floor(seconds / unit);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

export async function home(request: HttpRequest): Promise<HttpResponse> {
  const initial = { author: request.session.get('name') };
  return page(request, new NoteForm({ user: await userOf(request), initial }));
}

/** Who is logged in; null for a guest. */
async function userOf(request: HttpRequest): Promise<User | null> {
  const user = await request.user;
  return user.isAuthenticated ? user : null;
}

/** The home page, with a note that is yet to be written. */
async function page(request: HttpRequest, noteForm: NoteForm): Promise<HttpResponse> {
  const visits = (request.session.get('visits') ?? 0) + 1;
  request.session['visits'] = visits;
  // A new session gets its key when it is saved, which is after the view: the page shows it already.
  if (request.session.sessionKey === null) await request.session.create();
  const actions = BUTTONS.map(({ action, ...button }) => ({
    ...button,
    method: 'post',
    url: reverse('session_action', { kwargs: { action } }),
  }));
  const methods = { label: 'Methods page', code: 'keys(), items(), setdefault(), flush()' };
  return render(request, 'sampleapp/home.html', {
    visits,
    session_key: request.session.sessionKey,
    lifetime: inWords(request.session.getExpiryAge()),
    actions: [...actions, { ...methods, method: 'get', url: reverse('get_session_method') }],
    links: ['set_session', 'get_session', 'delete_session'].map((name) => reverse(name)),
    notes: latestNotes(5),
    note_form: noteForm,
  });
}

/** What each button does; the text is shown on the page that follows. */
const ACTIONS: Readonly<Record<string, (request: HttpRequest) => string | Promise<string>>> = {
  set: (request) => String(views.setSession(request).content),
  get: (request) => String(views.getSession(request).content),
  delete: (request) => String(views.deleteSession(request).content),
  rotate: async (request) => {
    await request.session.cycleKey();
    return 'The session has a new key, and everything that it held.';
  },
  short: (request) => {
    request.session.setExpiry(60);
    return 'The session ends 60 seconds after its last change.';
  },
  flush: async (request) => {
    await request.session.flush();
    return 'The session is gone, and its row with it.';
  },
};

export const sessionAction = requirePOST(
  async (request: HttpRequest, { action }: { action: string }): Promise<HttpResponse> => {
    const perform = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (!perform) throw new Http404(`There is no button '${action}'.`);
    try {
      messages.success(request, await perform(request));
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      messages.error(
        request,
        `KeyError: ${error.message}. On its own, the view would have answered with a 500.`,
      );
    }
    return redirect('home');
  },
);

/** Shows the cookies, and sets and deletes two of them. */
export async function cookies(request: HttpRequest): Promise<HttpResponse> {
  if (request.method === 'POST') {
    const response = redirect('cookies');
    changeCookies(request, response);
    return response;
  }
  const member = request.getSignedCookie('member', { default: null, maxAge: 3600 });
  return render(request, 'sampleapp/cookies.html', {
    colour: request.COOKIES['colour'] ?? null,
    member,
    tampered: member === null && 'member' in request.COOKIES,
    sent: Object.entries(request.COOKIES),
  });
}

function changeCookies(request: HttpRequest, response: HttpResponse): void {
  switch (request.POST.get('action')) {
    case 'set':
      response.setCookie('colour', request.POST.get('colour') || 'green', { maxAge: 3600 });
      messages.success(request, 'The cookie is set.');
      break;
    case 'delete':
      removeCookie(request, response, 'colour', 'The cookie is deleted.');
      break;
    case 'sign':
      response.setSignedCookie('member', request.POST.get('member') || 'nobody', {
        maxAge: 3600,
        httponly: true,
      });
      messages.success(request, 'The signed cookie is set.');
      break;
    case 'unsign':
      removeCookie(request, response, 'member', 'The signed cookie is deleted.');
      break;
    case 'tamper':
      if (!('member' in request.COOKIES)) {
        messages.error(request, 'There is no signed cookie to tamper with: set it first.');
        break;
      }
      response.setCookie(
        'member',
        `admin:${(request.COOKIES['member'] ?? '').split(':').slice(1).join(':')}`,
      );
      messages.warning(request, 'The cookie now says “admin”, with the signature of what it said before.');
      break;
    default:
      messages.error(request, 'That is no button of this page.');
  }
}

function removeCookie(request: HttpRequest, response: HttpResponse, name: string, done: string): void {
  if (!(name in request.COOKIES)) {
    messages.error(request, `There is no cookie ${name} to delete.`);
    return;
  }
  response.deleteCookie(name);
  messages.success(request, done);
}

export const addNote = requirePOST(async (request: HttpRequest): Promise<HttpResponse> => {
  const user = await userOf(request);
  const form = new NoteForm({ user, data: request.POST });
  if (!(await form.isValid())) return page(request, form);
  await form.save();
  messages.success(request, `Thank you, ${user?.username ?? form.cleanedData.author}.`);
  return redirect('home');
});
