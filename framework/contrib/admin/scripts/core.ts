// What every page has: keys, a question before changes are lost, and forms that are sent once.
adminDom.ready(() => {
  for (const link of document.querySelectorAll('.cancel-link')) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      if (document.body.classList.contains('popup')) close();
      else history.back();
    });
  }

  const form = document.querySelector<HTMLFormElement>(
    '.change-form form[id$="_form"], .change-list #changelist-form',
  );
  let isSent = false;
  if (form) {
    // A form that comes back with errors has changes that are not saved.
    let isChanged = document.querySelector('.change-form .errornote') !== null;
    form.addEventListener('input', ({ target }) => {
      if (
        target instanceof Element &&
        !target.closest('.actions, .action-checkbox, .action-checkbox-column')
      ) {
        isChanged = true;
        form.dataset['changed'] = 'yes';
      }
    });
    document.addEventListener('formset:removed', () => {
      isChanged = true;
    });
    addEventListener('beforeunload', (event) => {
      if (isChanged && !isSent) event.preventDefault();
    });
    form.addEventListener('submit', (event) => {
      if (event.defaultPrevented) return;
      if (isSent) event.preventDefault();
      isSent = true;
      form.setAttribute('aria-busy', 'true');
    });
  }
  // The page is shown again as it was left.
  addEventListener('pageshow', () => {
    isSent = false;
    form?.removeAttribute('aria-busy');
  });

  const press = (selector: string): boolean => {
    const control = form?.querySelector<HTMLElement>(selector);
    control?.click();
    return control !== null && control !== undefined;
  };
  addEventListener('keydown', (event) => {
    const { key, ctrlKey, metaKey, altKey, target } = event;
    if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === 's') {
      if (press('[name="_continue"]') || press('[name="_save"]')) event.preventDefault();
      return;
    }
    const isTyping =
      target instanceof Element && target.closest('input, textarea, select, [contenteditable]');
    if (key !== '/' || isTyping || ctrlKey || metaKey || altKey) return;
    const box =
      document.querySelector<HTMLInputElement>('#searchbar') ??
      document.querySelector<HTMLInputElement>('#nav-filter');
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
});
