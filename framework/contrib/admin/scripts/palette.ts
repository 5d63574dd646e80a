// Ctrl+K: a search over all that one may see.
{
  interface Answer {
    readonly results: readonly { readonly text: string; readonly kind: string; readonly url: string }[];
  }
  const { url = '', label = '' } = (document.currentScript as HTMLScriptElement).dataset;

  const makePalette = (): HTMLDialogElement => {
    const { make } = adminDom;
    const list = make('ul', { id: 'palette-results', role: 'listbox', 'aria-label': label });
    const input = make('input', {
      type: 'text',
      autocomplete: 'off',
      placeholder: label,
      role: 'combobox',
      'aria-label': label,
      'aria-expanded': 'true',
      'aria-controls': list.id,
      'aria-autocomplete': 'list',
    });
    const choose = (item: Element | null | undefined): void => {
      for (const each of list.children) each.setAttribute('aria-selected', String(each === item));
      if (item) {
        input.setAttribute('aria-activedescendant', item.id);
        item.scrollIntoView({ block: 'nearest' });
      } else input.removeAttribute('aria-activedescendant');
    };
    let asked = 0;
    const search = async (): Promise<void> => {
      asked += 1;
      const mine = asked;
      const target = new URL(url, location.href);
      target.search = new URLSearchParams({ q: input.value, json: '1' }).toString();
      const answer = await fetch(target, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
      if (mine !== asked || !answer.ok) return;
      const { results } = (await answer.json()) as Answer;
      list.replaceChildren(
        ...results.map(({ text, kind, url: href }, i) =>
          make(
            'li',
            { id: `palette-${i}`, role: 'option' },
            make('a', { href, tabIndex: -1, textContent: text }),
            make('span', { className: 'mini quiet', textContent: ` ${kind}` }),
          ),
        ),
      );
      choose(list.firstElementChild);
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    input.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(() => void search(), 150);
    });
    input.addEventListener('keydown', (event) => {
      const items = [...list.children];
      const at = items.findIndex((item) => item.getAttribute('aria-selected') === 'true');
      if (event.key === 'Enter') {
        event.preventDefault();
        items[at]?.querySelector('a')?.click();
      } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && items.length > 0) {
        event.preventDefault();
        choose(items[(at + (event.key === 'ArrowDown' ? 1 : items.length - 1)) % items.length]);
      }
    });
    const made = make('dialog', { id: 'palette', 'aria-label': label }, input, list);
    document.body.append(made);
    void search();
    return made;
  };

  let dialog: HTMLDialogElement | undefined;
  addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
    event.preventDefault();
    dialog ??= makePalette();
    dialog.showModal();
    dialog.querySelector('input')?.select();
  });
}
