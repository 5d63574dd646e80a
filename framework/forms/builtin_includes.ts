/** What Django's templates of forms include by name: a site's own partial changes every template that has it in it. */

const WIDGETS = 'django/forms/widgets';
const ERRORS = 'django/forms/errors';

const INCLUDES: ReadonlyMap<string, string> = new Map(
  (
    [
      ['input', ['text', 'number', 'email', 'url', 'color', 'search', 'tel', 'password', 'hidden', 'file']],
      ['input', ['date', 'datetime', 'time', 'checkbox', 'input_option']],
      ['input_option', ['radio_option', 'checkbox_option']],
      ['multiple_input', ['radio', 'checkbox_select']],
      ['multiwidget', ['multiple_hidden', 'splitdatetime', 'splithiddendatetime', 'select_date']],
      ['attrs', ['input', 'select', 'select_option', 'textarea', 'clearable_file_input']],
    ] as const
  )
    .flatMap(([partial, names]) =>
      names.map((name): [string, string] => [`${WIDGETS}/${name}.html`, `${WIDGETS}/${partial}.html`]),
    )
    .concat([
      ['django/forms/label.html', 'django/forms/attrs.html'],
      [`${ERRORS}/list/default.html`, `${ERRORS}/list/ul.html`],
      [`${ERRORS}/dict/default.html`, `${ERRORS}/dict/ul.html`],
    ]),
);

/** The templates that one of Django's includes, and what those include. */
export function includedBy(templateName: string): string[] {
  const found: string[] = [];
  for (let name = INCLUDES.get(templateName); name !== undefined; name = INCLUDES.get(name)) found.push(name);
  return found;
}
