/** What the compiler knows of a site's sessions; never run. */
import type { HttpRequest } from 'tsango/http';
import '../../sampleapp/views';

export function readsAndWrites({ session }: HttpRequest): void {
  const name: string | undefined = session['name'];
  session['name'] = 'amrit panta';
  session['anything'] = { else: true };
  const visits: number = session.get('visits', 0);
  const age: number | undefined = session.setdefault('age', 25);
  delete session['name'];
  void [name, visits, age];
}

export function refuses({ session }: HttpRequest): void {
  // @ts-expect-error A name is a string.
  session['name'] = 25;
  // @ts-expect-error Visits are a number, or there are none yet.
  const visits: string | undefined = session['visits'];
  void visits;
}
