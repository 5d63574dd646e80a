/** How a view gets the body of its requests. */

// biome-ignore lint/suspicious/noExplicitAny: a decorator of any view; its type goes through unchanged.
type AnyFunction = (...args: any[]) => unknown;

/**
 * Marks a view that reads the body itself: it is called before the body is there. `request.read()` and
 * `for await (const chunk of request)` give the bytes as they come, however many there are; or
 * `await request.load()` reads the body after all, once `request.uploadHandlers` are what the view wants.
 *
 * A CSRF token of such a request must be in its header: the body is not there yet to look at.
 *
 * @example
 * ```ts
 * export const upload = streamBody(async (request) => {
 *   for await (const chunk of request) await file.write(chunk);
 *   return new HttpResponse('stored');
 * });
 * ```
 */
export function streamBody<View extends AnyFunction>(view: View): View {
  return Object.assign(view, { streamBody: true });
}
