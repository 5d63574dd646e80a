/** The forms of the benchmark, the same as in django_forms.py, and what is sent to them. */
import { configure } from 'tsango/conf';
import * as forms from 'tsango/forms';
import { QueryDict } from 'tsango/http';

configure({ USE_TZ: false, USE_I18N: false, SECRET_KEY: 'a key for the benchmark' });

const COLORS = ['red', 'green', 'blue', 'white', 'black'].map((name) => [name, name.toUpperCase()] as const);

const ten = () => ({
  name: new forms.CharField({ maxLength: 100, helpText: 'As in your passport' }),
  email: new forms.EmailField(),
  count: new forms.IntegerField({ minValue: 0 }),
  city: new forms.CharField({ maxLength: 100 }),
  price: new forms.DecimalField({ maxDigits: 8, decimalPlaces: 2 }),
  day: new forms.DateField(),
  agreed: new forms.BooleanField(),
  color: new forms.ChoiceField({ choices: COLORS }),
  notes: new forms.CharField({ widget: forms.Textarea }),
  site: new forms.URLField({ assumeScheme: 'https' }),
});

const twice = <V>(fields: Readonly<Record<string, V>>, others: Readonly<Record<string, V>>) =>
  Object.fromEntries([
    ...Object.entries(fields).map(([name, each]) => [`${name}_a`, each] as const),
    ...Object.entries(others).map(([name, each]) => [`${name}_b`, each] as const),
  ]);

export class TwentyForm extends forms.form(twice<forms.Field>(ten(), ten())) {}

const VALID = {
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  count: '42',
  city: 'London & Paris',
  price: '1234.50',
  day: '2026-11-27',
  agreed: 'on',
  color: 'blue',
  notes: 'Some notes,\r\nof two lines',
  site: 'https://example.com/a/b?c=d',
};
const WRONG = {
  name: '',
  email: 'nobody',
  count: '-1',
  city: 'x'.repeat(101),
  price: '1.234',
  day: '2026-02-30',
  color: 'pink',
  notes: '',
  site: 'http://',
};

function encoded(values: Readonly<Record<string, string>>): string {
  return new URLSearchParams(Object.entries(values)).toString();
}

export const valid = twice(VALID, VALID) as Readonly<Record<string, string>>;
export const wrong = twice<string>(WRONG, WRONG);
export const validData = new QueryDict(encoded(valid));
export const wrongData = new QueryDict(encoded(wrong));

export const OPTIONS = Array.from({ length: 1000 }, (_, i) => [String(i), `Option <${i}>`] as const);
export class SelectForm extends forms.form({
  choice: new forms.ChoiceField({ choices: OPTIONS, initial: '500' }),
}) {}

export class LineForm extends forms.form({
  title: new forms.CharField({ maxLength: 100 }),
  count: new forms.IntegerField({ minValue: 0 }),
  price: new forms.DecimalField({ maxDigits: 8, decimalPlaces: 2 }),
  day: new forms.DateField(),
  agreed: new forms.BooleanField({ required: false }),
}) {}
export const LineFormSet = forms.formsetFactory(LineForm, { extra: 0 });

const lines: Record<string, string> = { 'form-TOTAL_FORMS': '50', 'form-INITIAL_FORMS': '50' };
for (let i = 0; i < 50; i++) {
  Object.assign(lines, {
    [`form-${i}-title`]: `Line ${i}`,
    [`form-${i}-count`]: String(i),
    [`form-${i}-price`]: `${i}.50`,
    [`form-${i}-day`]: '2026-11-27',
  });
}
export const linesText = encoded(lines);
export const linesData = new QueryDict(linesText);
export const validText = encoded(valid);
export const wrongText = encoded(wrong);
