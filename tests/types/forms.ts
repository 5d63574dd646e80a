/** What the compiler knows of forms; never run. */
import * as forms from 'tsango/forms';
import type { PlainDate } from 'tsango/python/datetime';
import type { Decimal } from 'tsango/python/decimal';

class ContactForm extends forms.form({
  subject: new forms.CharField({ maxLength: 100 }),
  nickname: new forms.CharField({ required: false, emptyValue: null }),
  age: new forms.IntegerField({ required: false }),
  height: new forms.FloatField(),
  price: new forms.DecimalField({ decimalPlaces: 2 }),
  born: new forms.DateField({ required: false }),
  color: new forms.ChoiceField({
    choices: [
      ['r', 'Red'],
      ['g', 'Green'],
    ],
  }),
  grouped: new forms.ChoiceField({
    required: false,
    choices: [
      ['Warm', [['r', 'Red']]],
      ['g', 'Green'],
    ],
  }),
  year: new forms.TypedChoiceField({ choices: [['2026', '2026']], coerce: Number }),
  colors: new forms.MultipleChoiceField({ choices: { r: 'Red', g: 'Green' } }),
  ccMyself: new forms.BooleanField({ required: false }),
  upload: new forms.FileField({ required: false }),
}) {
  cleanSubject(value: string): string {
    const { age } = this.cleanedData;
    return age === null ? value : value + age.toFixed();
  }

  override clean(): void {
    this.addError('ccMyself', 'No.');
    // @ts-expect-error There is no such field.
    this.addError('cc', 'No.');
    // @ts-expect-error Nor is there such a value.
    void this.cleanedData.cc;
  }
}

class Longer extends forms.form(ContactForm, { phone: new forms.CharField(), ccMyself: null }) {
  both(): string {
    return this.cleanSubject(this.cleanedData.phone) + this.cleanedData.subject;
  }
}

export function gives(form: ContactForm, longer: Longer): void {
  const { cleanedData: data } = form;
  const subject: string = data.subject;
  const nickname: string | null = data.nickname;
  const age: number | null = data.age;
  const height: number = data.height;
  const price: Decimal = data.price;
  const born: PlainDate | null = data.born;
  const color: 'r' | 'g' = data.color;
  const grouped: 'r' | 'g' | '' = data.grouped;
  const year: number = data.year;
  const colors: ('r' | 'g')[] = data.colors;
  const cc: boolean = data.ccMyself;
  const phone: string = longer.cleanedData.phone;
  const label: forms.Label = form.subject.label;
  void [subject, nickname, age, height, price, born, color, grouped, year, colors, cc, phone, label];
  void [form.get('subject'), form.fields.subject.maxLength, longer.both(), data.upload];
}

export async function refuses(form: ContactForm, longer: Longer): Promise<void> {
  // @ts-expect-error Nothing need be typed there.
  const age: number = form.cleanedData.age;
  // @ts-expect-error It is one of two.
  const color: 'blue' = form.cleanedData.color;
  // @ts-expect-error It was removed.
  void longer.cleanedData.ccMyself;
  // @ts-expect-error Limits are numbers.
  void new forms.IntegerField({ maxValue: 'ten' });
  // @ts-expect-error Options have Django's names.
  void new forms.CharField({ max_length: 3 });
  // @ts-expect-error A promise is always true.
  if (form.isValid()) void [age, color];
  const Many = forms.formsetFactory(ContactForm);
  for (const { subject } of new Many().cleanedData) {
    // @ts-expect-error A subject is text.
    const wrong: number = subject;
    void wrong;
  }
}
