// Related objects in windows of their own: chosen, made, changed and deleted there, they are here when it closes.
{
  const NAME = 'django-popup-';
  const inPopup = /^django-popup-(\d+)-/.exec(window.name);
  /** A window that a pop-up opens is another one than its own. */
  const prefix = `${NAME}${inPopup ? Number(inPopup[1]) + 1 : 0}-`;
  type Control = HTMLInputElement | HTMLSelectElement;

  interface Outcome {
    readonly action?: 'change' | 'delete';
    readonly value: string;
    readonly obj?: string;
    readonly new_value?: string;
  }
  interface Message {
    readonly name: string;
    readonly djangoAdminChosen?: string;
    readonly djangoAdminPopup?: Outcome;
  }

  const open = (address: string, control: Control): void => {
    const url = new URL(address, location.href);
    url.searchParams.set('_popup', '1');
    window.open(url, prefix + control.id, 'height=600,width=900,resizable=yes,scrollbars=yes')?.focus();
  };
  const controlOf = (link: Element): Control | null =>
    link.closest('.related-widget-wrapper')?.querySelector<Control>('select[name], input[name]') ??
    link.parentElement?.querySelector('input') ??
    null;

  /** Links that need a chosen row lead to it. */
  const updateLinks = (control: Control): void => {
    const links = control
      .closest('.related-widget-wrapper')
      ?.querySelectorAll<HTMLAnchorElement>('[data-href-template]');
    for (const link of links ?? []) {
      const { hrefTemplate = '' } = link.dataset;
      if (control.value) link.href = hrefTemplate.replace('__fk__', encodeURIComponent(control.value));
      else link.removeAttribute('href');
    }
  };
  adminDom.enhance<HTMLSelectElement>('.related-widget-wrapper', (wrapper) => {
    const control = wrapper.querySelector<Control>('select[name], input[name]');
    if (!control) return;
    updateLinks(control);
    control.addEventListener('change', () => updateLinks(control));
  });

  document.addEventListener('click', (event) => {
    const at = event.target instanceof Element ? event.target : null;
    const link = at?.closest<HTMLAnchorElement>(
      '.related-widget-wrapper-link[data-popup="yes"], .related-lookup',
    );
    const control = link && controlOf(link);
    if (control && link.href) {
      event.preventDefault();
      open(link.href, control);
    }
    const row = at?.closest<HTMLAnchorElement>('a[data-popup-opener]');
    const opener = window.opener as Window | null;
    if (row && opener) {
      event.preventDefault();
      const message: Message = { djangoAdminChosen: row.dataset['popupOpener'] ?? '', name: window.name };
      opener.postMessage(message, location.origin);
      window.close();
    }
  });

  /** One key, or one more where there are several. */
  const setKey = (control: Control, value: string): void => {
    const isList = control.classList.contains('vManyToManyRawIdAdminField') && control.value !== '';
    control.value = isList ? `${control.value},${value}` : value;
  };

  /** The lists of the page that show the same model. */
  const listsLike = (control: HTMLSelectElement): HTMLSelectElement[] => {
    const model = control.closest<HTMLElement>('.related-widget-wrapper')?.dataset['modelRef'];
    if (!model) return [control];
    const others = document.querySelectorAll<HTMLSelectElement>(
      `.related-widget-wrapper[data-model-ref="${CSS.escape(model)}"] select[name]:not(.admin-autocomplete)`,
    );
    return [...new Set([control, ...others])];
  };

  const apply = (control: Control, { action, value, obj = value, new_value: newValue }: Outcome): void => {
    if (!(control instanceof HTMLSelectElement)) {
      if (action === undefined) setKey(control, value);
      return;
    }
    for (const list of listsLike(control)) {
      const shown = [...list.options].filter((option) => option.value === value);
      if (action === undefined) {
        if (shown.length === 0) list.add(new Option(obj, value, list === control, list === control));
      } else if (action === 'delete') {
        for (const option of shown) option.remove();
      } else {
        for (const option of shown) Object.assign(option, { textContent: obj, value: newValue ?? value });
      }
      if (list !== control) list.dispatchEvent(new Event('change', { bubbles: true }));
    }
  };

  addEventListener('message', ({ origin, data }: MessageEvent<Partial<Message> | null>) => {
    if (origin !== location.origin || typeof data?.name !== 'string' || !data.name.startsWith(prefix)) return;
    const control = document.getElementById(data.name.slice(prefix.length));
    if (!(control instanceof HTMLInputElement || control instanceof HTMLSelectElement)) return;
    if (data.djangoAdminChosen !== undefined) setKey(control, data.djangoAdminChosen);
    else if (data.djangoAdminPopup !== undefined) apply(control, data.djangoAdminPopup);
    adminDom.changed(control);
  });
}
