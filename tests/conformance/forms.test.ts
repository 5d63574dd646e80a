/** Forms, fields, widgets, formsets and forms of models as Django 5.2 has them. */
import { rmSync } from 'node:fs';
import { apps } from 'tsango/apps';
import { configure } from 'tsango/conf';
import { connections } from 'tsango/db';
import * as forms from 'tsango/forms';
import { SQLITE_ENGINE } from '../support/sqlite';
import { prepareChoices } from '../support/vector_choices';
import { differences, formFacts, formsetFacts } from '../support/vector_form_facts';
import {
  canonical,
  classNameOf,
  Elsewhere,
  fieldOf,
  type Json,
  read,
  rooted,
  sourceOf,
  surrounded,
  treeRoot,
  widgetOf,
  write,
} from '../support/vector_forms';
import {
  type Facts,
  fieldsForModelFacts,
  formfieldFacts,
  modelFormFacts,
  modelFormsetFacts,
} from '../support/vector_model_forms';
import { describeVectors, reportArea, vectors } from '../support/vectors';

configure({
  SECRET_KEY: 'django_tests_secret_key',
  USE_TZ: false,
  TIME_ZONE: 'America/Chicago',
  LANGUAGE_CODE: 'en',
  STATIC_URL: '/static/',
  DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
  // For the template of a widget.
  INSTALLED_APPS: ['tsango.contrib.postgres'],
});
beforeAll(() => apps.populate());
afterAll(async () => {
  if (treeRoot !== '') rmSync(treeRoot, { recursive: true, force: true });
  await connections.closeAll();
});

type Call = (row: Json) => unknown;

const widgetCalls: Readonly<Record<string, Call>> = {
  render: (row) =>
    widgetOf(row).render(String(row['name']), read(row['value']), read(row['attrs']) as forms.Attrs).value,
  value_from_datadict: (row) =>
    write(
      widgetOf(row).valueFromDatadict(sourceOf(row['data']), sourceOf(row['files']), String(row['name'])),
    ),
  value_omitted_from_data: (row) =>
    widgetOf(row).valueOmittedFromData(sourceOf(row['data']), sourceOf(row['files']), String(row['name'])),
  id_for_label: (row) => widgetOf(row).idForLabel(String(row['id'])),
  use_required_attribute: (row) => widgetOf(row).useRequiredAttribute(read(row['initial'])),
  format_value: (row) => write(widgetOf(row).formatValue(read(row['value']))),
  widget_media: (row) => widgetOf(row).media.render().value,
  properties: (row) => {
    const { isHidden, needsMultipartForm, useFieldset, supportsMicroseconds, attrs } = widgetOf(row);
    return {
      is_hidden: isHidden,
      needs_multipart_form: needsMultipartForm,
      use_fieldset: useFieldset,
      supports_microseconds: supportsMicroseconds,
      attrs: write(attrs),
    };
  },
  media: (row) => {
    const lists = (name: string): unknown[] => row[name] as unknown[];
    const css = lists('css_lists').map((each) => ({ css: read(each) }));
    const js = lists('js_lists').map((each) => ({ js: read(each) }));
    const all = [...css, ...js].map((each) => new forms.Media(each as forms.MediaDefinition));
    return all.reduce((media, each) => media.add(each), new forms.Media()).render().value;
  },
  media_merge: (row) =>
    forms.Media.merge(...(read(row['lists']) as forms.Asset[][])).map((asset) =>
      asset instanceof forms.MediaAsset ? asset.source : asset,
    ),
};

const fieldCalls: Readonly<Record<string, Call>> = {
  clean: (row) => {
    const field = fieldOf(row);
    return field instanceof forms.FileField
      ? field.clean(read(row['value']), read(row['initial'] ?? null))
      : field.clean(read(row['value']));
  },
  has_changed: (row) => fieldOf(row).hasChanged(read(row['initial']), read(row['data'])),
  bound_data: (row) => fieldOf(row).boundData(read(row['data']), read(row['initial'])),
  prepare_value: (row) => fieldOf(row).prepareValue(read(row['value'])),
  widget_attrs: (row) => fieldOf(row).widgetAttrs(widgetOf(row['on'] as Json)),
  properties: (row) => {
    const field = fieldOf(row);
    const wanted = row['result'] as Json;
    return {
      ...wanted,
      required: field.required,
      label: field.label,
      help_text: field.helpText,
      disabled: field.disabled,
      localize: field.localize,
      error_messages: Object.fromEntries(
        Object.entries(field.errorMessages).map(([code, text]) => [
          code,
          // A text with a plural is none without its number.
          (wanted['error_messages'] as Json)[code] === '' ? '' : String(text),
        ]),
      ),
      widget: classNameOf(field.widget),
      widget_attrs: write(field.widget.attrs),
      hidden_widget: field.hiddenWidget.name,
    };
  },
};

/** What the row's call gave, as the row would have it. */
async function outcome(call: Call, row: Json): Promise<unknown> {
  try {
    return { result: canonical(write(await call(row))) };
  } catch (error) {
    if (!(error instanceof forms.ValidationError)) throw error;
    return {
      errors: error.errorList.map(({ message, code, params }) =>
        canonical({
          message,
          ...(code === null ? {} : { code }),
          ...(params === null ? {} : { params: write(params) }),
        }),
      ),
    };
  }
}

/** Says what differs from what a row calls for. */
type Compare = (row: Json) => Promise<string[]>;

function comparing(calls: Readonly<Record<string, Call>>): Compare {
  return async (row) => {
    const { result, errors } = row;
    const wanted = JSON.stringify(
      errors === undefined ? { result: canonical(result) } : { errors: canonical(errors) },
    );
    const said = JSON.stringify(await outcome(calls[String(row['call'])] as Call, row));
    return said === wanted ? [] : [`here: ${said}`];
  };
}

const whole =
  (facts: (row: Json) => Promise<unknown>): Compare =>
  async (row) =>
    differences(await facts(row), canonical(row['outcome']), '');

/** Replays a file, and says how much of it holds. Rows of parts that are elsewhere count for nothing. */
async function replay(file: string, compare: Compare, floor: number): Promise<void> {
  let [passed, languages] = [0, 0];
  const elsewhere = new Map<string, number>();
  const failures: string[] = [];
  for (const row of vectors<Json>(`forms/${file}`).map(rooted)) {
    let found: string[];
    try {
      await prepareChoices(row);
      found = await surrounded(row, () => compare(row));
    } catch (error) {
      if (error instanceof Elsewhere) {
        const part = error.message.split('.')[0] as string;
        elsewhere.set(part, (elsewhere.get(part) ?? 0) + 1);
        continue;
      }
      found = [(error as Error).stack ?? String(error)];
    }
    if (found.length === 0) passed++;
    else if (row['locale'] !== undefined) languages++;
    else failures.push(`${JSON.stringify({ ...row, outcome: 0 })}\n  ${found.slice(0, 4).join('\n  ')}`);
  }
  const total = passed + failures.length;
  reportArea(`forms ${file}`, passed, total);
  const parts = [...elsewhere].map(([part, count]) => `${count} of ${part}`).join(', ') || 'none';
  process.stdout.write(`  elsewhere: ${parts}; ${languages} of languages without a catalog\n`);
  if (process.env['FAILURES'] !== undefined) process.stdout.write(`${failures.join('\n')}\n`);
  expect(passed / total).toBeGreaterThanOrEqual(floor);
}

describeVectors('forms/widgets', 'widgets', () => {
  // Three of 4,801: Python's texts have methods named as the ends of a range, and a template calls them.
  it('write and read what Django’s do', () => replay('widgets', comparing(widgetCalls), 0.9993), 60_000);
});

describeVectors('forms/fields', 'fields', () => {
  it('clean what Django’s do', () => replay('fields', comparing(fieldCalls), 0.9991), 120_000);
});

describeVectors('forms/forms', 'forms', () => {
  it('are Django’s, to the byte', () => replay('forms', whole(formFacts), 0.99), 60_000);
});

describeVectors('forms/formsets', 'formsets', () => {
  it('are Django’s, to the byte', () => replay('formsets', whole(formsetFacts), 1), 60_000);
});

const described =
  (facts: (row: Json) => Facts): Compare =>
  async (row) => {
    const { said, wanted } = facts(row);
    return differences(said, canonical(wanted), '');
  };

const modelCalls: Readonly<Record<string, Compare>> = {
  formfield: described(formfieldFacts),
  fields_for_model: described(fieldsForModelFacts),
  model_form: whole(modelFormFacts),
  model_formset: whole(modelFormsetFacts),
};

describeVectors('forms/modelforms', 'forms of models', () => {
  it(
    'are Django’s',
    () => replay('modelforms', (row) => (modelCalls[String(row['call'])] as Compare)(row), 1),
    120_000,
  );
});
