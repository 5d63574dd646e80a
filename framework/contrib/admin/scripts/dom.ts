// What the scripts of the admin share.
// biome-ignore lint/correctness/noUnusedVariables: the scripts after it use it.
const adminDom = (() => {
  let texts: Readonly<Record<string, string>> | undefined;

  /** A text in the language of the page, with its `%s` filled in: the page brings those that are not English. */
  function text(message: string, ...values: readonly (string | number)[]): string {
    if (texts === undefined) {
      const found = document.getElementById('admin-texts')?.textContent;
      texts = found ? (JSON.parse(found) as Record<string, string>) : {};
    }
    let next = 0;
    return (texts[message] ?? message).replace(/%s/g, () => String(values[next++] ?? ''));
  }

  /** Runs once the page is there. */
  function ready(run: () => void): void {
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', run);
    else run();
  }

  /** Runs for each element of a kind, once: those of the page, and those of inlines that are added to it. */
  function enhance<E extends HTMLElement>(selector: string, run: (element: E) => void): void {
    const all = (root: ParentNode): void => {
      for (const element of root.querySelectorAll<E>(selector)) {
        if (element.dataset['enhanced'] || element.closest('.empty-form')) continue;
        element.dataset['enhanced'] = 'yes';
        run(element);
      }
    };
    ready(() => {
      all(document);
      document.addEventListener('formset:added', ({ target }) => {
        if (target instanceof Element) all(target);
      });
    });
  }

  /** An element with properties and attributes (names with a hyphen, and `role`). */
  function make<K extends keyof HTMLElementTagNameMap>(
    tag: K,
    properties: Readonly<Record<string, unknown>> = {},
    ...children: readonly (Node | string)[]
  ): HTMLElementTagNameMap[K] {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name.includes('-') || name === 'role') element.setAttribute(name, String(value));
      else Object.assign(element, { [name]: value });
    }
    element.append(...children);
    return element;
  }

  /** A button that does something here. */
  function button(label: string, className: string, run: () => void): HTMLButtonElement {
    const made = make('button', { type: 'button', className, textContent: label });
    made.addEventListener('click', run);
    return made;
  }

  /** Tells the page that a control has another value. */
  function changed(control: Element): void {
    for (const name of ['input', 'change']) control.dispatchEvent(new Event(name, { bubbles: true }));
  }

  function labelOf({ id }: Element): HTMLLabelElement | null {
    return document.querySelector<HTMLLabelElement>(`label[for="${CSS.escape(id)}"]`);
  }

  /** The forms of an inline, as they stand: not the one that others are made of. */
  function inlineRows(group: Element, prefix: string): HTMLElement[] {
    return [...group.querySelectorAll<HTMLElement>(`[id^="${CSS.escape(prefix)}-"]`)].filter(({ id }) =>
      /^\d+$/.test(id.slice(prefix.length + 1)),
    );
  }

  let status: HTMLElement | undefined;

  /** Tells those who do not see the page. */
  function announce(message: string): void {
    if (status === undefined) {
      status = make('div', { className: 'visually-hidden', role: 'status' });
      document.body.append(status);
    }
    const { textContent } = status;
    // What is said twice is another text.
    status.textContent = message !== '' && textContent === message ? `${message}\u00a0` : message;
  }

  return { text, ready, enhance, make, button, changed, labelOf, inlineRows, announce };
})();
