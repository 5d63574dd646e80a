// A box that completes what is typed: a combobox over the rows that the server finds.
{
  interface Answer {
    readonly results: readonly { readonly id: string; readonly text: string }[];
    readonly pagination: { readonly more: boolean };
  }
  const { text, make } = adminDom;

  adminDom.enhance<HTMLSelectElement>('select.admin-autocomplete', (select) => {
    const list = make('ul', { id: `${select.id}_options`, role: 'listbox', hidden: true });
    const input = make('input', {
      type: 'text',
      id: `${select.id}_search`,
      autocomplete: 'off',
      role: 'combobox',
      disabled: select.disabled,
      placeholder: select.dataset['placeholder'] || text('Search'),
      'aria-expanded': 'false',
      'aria-controls': list.id,
      'aria-autocomplete': 'list',
    });
    const status = make('div', { className: 'autocomplete-status', role: 'status' });
    const chosen = make('div', { className: 'autocomplete-chosen' });
    const label = adminDom.labelOf(select);
    const name = label?.textContent?.trim().replace(/:$/, '') ?? '';
    if (label) label.htmlFor = input.id;
    list.setAttribute('aria-label', name);
    const clear = adminDom.button('×', 'autocomplete-clear', () => {
      select.value = '';
      adminDom.changed(select);
      input.focus();
    });
    clear.setAttribute('aria-label', text('Clear %s', name));

    // What is chosen ----------------------------------------------------------------------------------------------

    const show = (): void => {
      const options = [...select.selectedOptions].filter(({ value }) => value !== '');
      clear.hidden = select.multiple || options.length === 0 || select.dataset['allowClear'] !== 'true';
      if (!select.multiple) {
        input.value = options[0]?.text ?? '';
        return;
      }
      input.value = '';
      chosen.replaceChildren(
        ...options.map((option) => {
          const drop = adminDom.button(`${option.text} ×`, 'button small-button', () => {
            option.selected = false;
            adminDom.changed(select);
            input.focus();
          });
          drop.setAttribute('aria-label', text('Remove %s', option.text));
          return drop;
        }),
      );
    };
    const close = (): void => {
      list.hidden = true;
      status.textContent = '';
      input.setAttribute('aria-expanded', 'false');
      input.removeAttribute('aria-activedescendant');
    };
    const choose = (item: HTMLElement): void => {
      const { value = '' } = item.dataset;
      const option =
        [...select.options].find((each) => each.value === value) ?? new Option(item.textContent ?? '', value);
      if (option.parentNode === null) select.add(option);
      option.selected = true;
      close();
      adminDom.changed(select);
    };

    // What can be chosen ------------------------------------------------------------------------------------------

    let asked = 0;
    let page = 1;
    let more = false;
    const search = async (wanted: number): Promise<void> => {
      asked += 1;
      const mine = asked;
      const { appLabel = '', modelName = '', fieldName = '' } = select.dataset;
      const url = new URL(select.getAttribute('data-ajax--url') ?? '', location.href);
      const typed = select.multiple || input.value !== select.selectedOptions[0]?.text ? input.value : '';
      url.search = new URLSearchParams({
        term: typed,
        page: String(wanted),
        app_label: appLabel,
        model_name: modelName,
        field_name: fieldName,
      }).toString();
      input.setAttribute('aria-busy', 'true');
      if (wanted === 1) status.textContent = text('Searching…');
      let answer: Answer | undefined;
      try {
        const response = await fetch(url, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
        if (response.ok) answer = (await response.json()) as Answer;
      } catch {
        // The network is gone: said below.
      }
      if (mine !== asked) return;
      input.removeAttribute('aria-busy');
      if (answer === undefined) {
        status.textContent = text('The results could not be loaded.');
        return;
      }
      const before = wanted === 1 ? [] : [...list.children];
      const items = answer.results.map(({ id, text: shown }, i) =>
        make('li', {
          id: `${list.id}_${before.length + i}`,
          role: 'option',
          'aria-selected': 'false',
          'data-value': id,
          textContent: shown,
        }),
      );
      list.replaceChildren(...before, ...items);
      page = wanted;
      more = answer.pagination.more;
      list.hidden = list.children.length === 0;
      input.setAttribute('aria-expanded', String(!list.hidden));
      status.textContent = list.hidden ? text('No results found') : '';
    };
    const searchMore = (): void => {
      if (more) void search(page + 1);
      more = false;
    };

    let timer: ReturnType<typeof setTimeout> | undefined;
    input.addEventListener('input', (event) => {
      event.stopPropagation();
      clearTimeout(timer);
      timer = setTimeout(() => void search(1), 200);
    });
    input.addEventListener('focus', () => {
      if (!select.multiple) input.select();
      void search(1);
    });
    input.addEventListener('blur', () => {
      asked += 1;
      clearTimeout(timer);
      input.removeAttribute('aria-busy');
      close();
      if (
        input.value === '' &&
        !select.multiple &&
        select.value !== '' &&
        select.dataset['allowClear'] === 'true'
      ) {
        select.value = '';
        adminDom.changed(select);
      } else show();
    });
    list.addEventListener('mousedown', (event) => {
      // The box keeps the focus.
      event.preventDefault();
      const item =
        event.target instanceof Element ? event.target.closest<HTMLElement>('[role="option"]') : null;
      if (item) choose(item);
    });
    list.addEventListener('scroll', () => {
      if (list.scrollTop + list.clientHeight > list.scrollHeight - 80) searchMore();
    });

    const moveTo = (item: HTMLElement | undefined): void => {
      if (!item) return;
      for (const each of list.children) each.setAttribute('aria-selected', String(each === item));
      input.setAttribute('aria-activedescendant', item.id);
      item.scrollIntoView({ block: 'nearest' });
      if (item === list.lastElementChild) searchMore();
    };
    input.addEventListener('keydown', (event) => {
      const items = [...list.querySelectorAll<HTMLElement>('[role="option"]')];
      const at = items.findIndex((item) => item.getAttribute('aria-selected') === 'true');
      const current = items[at];
      if (event.key === 'Escape') {
        close();
        show();
      } else if (event.key === 'Enter' && !list.hidden) {
        // Not the form: who types here chooses.
        event.preventDefault();
        if (current) choose(current);
      } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        const step = event.key === 'ArrowDown' ? at + 1 : (at < 0 ? items.length : at) - 1;
        if (list.hidden) void search(1);
        else moveTo(items.at(step % items.length));
      }
    });

    select.addEventListener('change', show);
    select.hidden = true;
    select.after(make('div', { className: 'autocomplete' }, chosen, input, clear, list, status));
    show();
  });
}
