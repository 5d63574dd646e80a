// Inlines in an order of one's own: rows are dragged by a handle, or moved by buttons, and the numbers that are typed without scripts say where they are.
adminDom.ready(() => {
  interface Described {
    readonly options: { readonly prefix: string; readonly sortable?: string };
  }
  const { text, make, button, changed, inlineRows } = adminDom;
  /** So near to the edge of the window the page is scrolled while a row is dragged. */
  const EDGE = 72;

  /** What a row is called where it is spoken of: its object, or its number. */
  const nameOf = (row: Element): string => {
    const own = row.querySelector('.original p, .inline_label')?.firstChild?.textContent?.trim();
    return own || `#${Number(row.id.slice(row.id.lastIndexOf('-') + 1)) + 1}`;
  };
  /** A row with the errors above it. */
  const partsOf = (row: Element): Element[] => {
    const before = row.previousElementSibling;
    return before?.matches('.row-form-errors') ? [before, row] : [row];
  };
  const middleOf = (row: Element): number => {
    const { top, height } = row.getBoundingClientRect();
    return top + height / 2;
  };

  for (const group of document.querySelectorAll<HTMLElement>('.js-inline-admin-formset')) {
    const { prefix, sortable } = (JSON.parse(group.dataset['inlineFormset'] ?? '{}') as Described).options;
    if (!sortable) continue;
    const rows = (): HTMLElement[] => inlineRows(group, prefix);
    const numberOf = (row: Element | null): HTMLInputElement | null =>
      row?.querySelector<HTMLInputElement>(`[name$="-${CSS.escape(sortable)}"]`) ?? null;

    /** The row stays where it is, and so does the focus: its neighbours go around it. */
    const swap = (row: Element, step: -1 | 1): boolean => {
      const all = rows();
      const other = all[all.indexOf(row as HTMLElement) + step];
      if (!other) return false;
      if (step < 0) row.after(...partsOf(other));
      else partsOf(row)[0]?.before(...partsOf(other));
      return true;
    };
    const update = (): void => {
      const all = rows();
      for (const [i, row] of all.entries()) {
        const [up, down] = row.querySelectorAll<HTMLButtonElement>('.sort-tools button');
        if (!up || !down) continue;
        const focused = document.activeElement;
        up.disabled = i === 0;
        down.disabled = i === all.length - 1;
        if (focused === up && up.disabled) down.focus();
        if (focused === down && down.disabled) up.focus();
      }
    };
    /** Numbers the rows as they stand, and says where the one that was moved is now. */
    const settle = (moved: Element): void => {
      const all = rows();
      for (const [i, row] of all.entries()) {
        const control = numberOf(row);
        if (!control || control.value === String(i + 1)) continue;
        control.value = String(i + 1);
        changed(control);
      }
      update();
      const place = all.indexOf(moved as HTMLElement) + 1;
      adminDom.announce(text('%s is in place %s of %s', nameOf(moved), place, all.length));
    };
    const arrange = (order: readonly Element[]): void => {
      const all = rows();
      const [parent, end] = [all[0]?.parentNode, all.at(-1)?.nextSibling ?? null];
      for (const row of order) for (const part of partsOf(row)) parent?.insertBefore(part, end);
    };

    const drag = (row: HTMLElement, { clientY: from }: PointerEvent): void => {
      const before = rows();
      const stop = new AbortController();
      const on = <K extends keyof DocumentEventMap>(
        type: K,
        run: (event: DocumentEventMap[K]) => void,
      ): void => document.addEventListener(type, run, { signal: stop.signal });
      const end = (isKept: boolean): void => {
        stop.abort();
        row.classList.remove('dragging');
        if (!isKept) arrange(before);
        else if (rows().some((each, i) => each !== before[i])) settle(row);
      };
      let at = from;
      on('pointermove', ({ clientY }) => {
        const step = clientY < at ? -1 : 1;
        at = clientY;
        for (;;) {
          const all = rows();
          const other = all[all.indexOf(row) + step];
          if (!other || (step < 0 ? clientY > middleOf(other) : clientY < middleOf(other))) break;
          swap(row, step);
        }
        if (clientY < EDGE || clientY > innerHeight - EDGE) scrollBy(0, clientY < EDGE ? -12 : 12);
      });
      on('pointerup', () => end(true));
      on('pointercancel', () => end(false));
      on('keydown', (event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        end(false);
      });
      row.classList.add('dragging');
    };

    const equip = (row: HTMLElement): void => {
      const handle = make('span', { className: 'drag-handle', 'aria-hidden': 'true' });
      handle.addEventListener('pointerdown', (event) => {
        if (event.button !== 0) return;
        // No text is marked, and no finger scrolls.
        event.preventDefault();
        drag(row, event);
      });
      const mover = (sign: string, label: string, step: -1 | 1): HTMLButtonElement => {
        const made = button(sign, 'button small-button', () => {
          if (swap(row, step)) settle(row);
        });
        made.setAttribute('aria-label', label);
        return made;
      };
      const name = nameOf(row);
      const up = mover('↑', text('Move %s up', name), -1);
      const down = mover('↓', text('Move %s down', name), 1);
      row
        .querySelector('td.original, h3')
        ?.prepend(make('span', { className: 'sort-tools' }, handle, up, down));
    };

    // What came back with an error is in the order that was sent; new rows without a number are the last.
    if (group.querySelector('.errorlist')) {
      const unset = numberOf(document.getElementById(`${prefix}-empty`))?.value;
      const placeOf = (row: Element): number => {
        const value = numberOf(row)?.value;
        return value === '' || (value === unset && !row.classList.contains('has_original'))
          ? Infinity
          : Number(value);
      };
      arrange(rows().sort((a, b) => Math.sign(placeOf(a) - placeOf(b)) || 0));
    }
    adminDom.announce('');
    for (const row of rows()) equip(row);
    const cells = [...group.querySelectorAll(`[name$="-${CSS.escape(sortable)}"]`)].map((control) =>
      control.closest<HTMLElement>('td, .fieldBox, .form-row'),
    );
    if (!cells.some((cell) => cell?.querySelector('.errorlist'))) {
      for (const cell of cells) if (cell) cell.hidden = true;
      const head = group.querySelector<HTMLElement>(`th.column-${CSS.escape(sortable)}`);
      if (head) head.hidden = true;
    }
    group.classList.add('sortable');
    update();
    group.addEventListener('formset:added', ({ target }) => {
      equip(target as HTMLElement);
      update();
    });
    document.addEventListener('formset:removed', update);
  }
});
