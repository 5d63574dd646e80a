// Inlines: more of them, and those that were added taken away again.
adminDom.ready(() => {
  interface Described {
    readonly options: { readonly prefix: string; readonly addText: string; readonly deleteText: string };
  }
  const CONTROLS = 'input:not([type="hidden"], [hidden]), select:not([hidden]), textarea';

  const rename = (root: Element, from: string, to: string): void => {
    for (const element of [root, ...root.querySelectorAll('*')]) {
      for (const name of ['id', 'name', 'for', 'aria-describedby', 'aria-labelledby', 'href']) {
        const value = element.getAttribute(name);
        if (value?.includes(from)) element.setAttribute(name, value.replaceAll(from, to));
      }
    }
  };

  for (const group of document.querySelectorAll<HTMLElement>('.js-inline-admin-formset')) {
    const { prefix, addText, deleteText } = (JSON.parse(group.dataset['inlineFormset'] ?? '{}') as Described)
      .options;
    const number = (name: string): HTMLInputElement | null =>
      document.querySelector(`#id_${CSS.escape(prefix)}-${name}`);
    const [total, max, min] = ['TOTAL_FORMS', 'MAX_NUM_FORMS', 'MIN_NUM_FORMS'].map(number);
    const empty = document.getElementById(`${prefix}-empty`);
    if (!total || !empty) continue;

    const numberOf = ({ id }: Element): number => Number(id.slice(prefix.length + 1));
    // By their numbers, whatever order they were dragged into.
    const rows = (): Element[] =>
      adminDom.inlineRows(group, prefix).sort((a, b) => numberOf(a) - numberOf(b));
    const add = adminDom.button(addText, 'button add-inline', () => insert());
    const isTable = empty instanceof HTMLTableRowElement;
    const last = isTable
      ? adminDom.make(
          'tr',
          { className: 'add-row' },
          adminDom.make('td', { colSpan: empty.cells.length }, add),
        )
      : adminDom.make('div', { className: 'add-row' }, add);
    empty.after(last);

    const update = (): void => {
      last.hidden =
        max !== null && max !== undefined && max.value !== '' && Number(total.value) >= Number(max.value);
      const isLeast = rows().length <= Number(min?.value || 0);
      for (const drop of group.querySelectorAll<HTMLElement>('.inline-deletelink')) drop.hidden = isLeast;
    };
    const tell = (target: EventTarget, what: 'added' | 'removed'): void => {
      const detail = { formsetName: prefix };
      target.dispatchEvent(new CustomEvent(`formset:${what}`, { bubbles: true, detail }));
    };
    const remove = (added: Element): void => {
      const next = added.previousElementSibling?.querySelector<HTMLElement>(CONTROLS) ?? add;
      added.remove();
      // The numbers are without a gap.
      for (const [i, row] of rows().entries()) {
        const old = row.id.slice(prefix.length + 1);
        if (old === String(i)) continue;
        rename(row, `${prefix}-${old}`, `${prefix}-${i}`);
        const label = row.querySelector('.inline_label');
        if (label && !row.classList.contains('has_original')) label.textContent = `#${i + 1}`;
      }
      total.value = String(rows().length);
      update();
      next.focus();
      tell(document, 'removed');
    };
    const insert = (): void => {
      const index = total.value;
      const added = empty.cloneNode(true) as HTMLElement;
      added.classList.remove('empty-form', 'last-related');
      rename(added, `${prefix}-empty`, `${prefix}-${index}`);
      rename(added, '__prefix__', index);
      const label = added.querySelector('.inline_label');
      if (label) label.textContent = `#${Number(index) + 1}`;
      const drop = adminDom.button(deleteText, 'button small-button inline-deletelink', () => remove(added));
      drop.setAttribute('aria-label', `${deleteText} #${Number(index) + 1}`);
      (added.querySelector('td.delete, h3') ?? added.lastElementChild ?? added).append(drop);
      empty.before(added);
      total.value = String(Number(index) + 1);
      update();
      tell(added, 'added');
      added.querySelector<HTMLElement>(CONTROLS)?.focus();
    };
    update();
  }
});
