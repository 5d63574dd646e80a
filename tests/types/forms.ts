/** What the compiler knows of forms; never run. */
import * as models from 'tsango/db/models';
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

class Person extends models.Model {
  declare static readonly objects: models.Manager<Person>;
  declare id: number;
  @models.CharField({ maxLength: 50 }) declare name: string;
}

class Paper extends models.Model {
  declare id: number;
  @models.CharField({ maxLength: 50 }) declare headline: string;
  @models.DateField({ null: true }) declare pubDate: string | null;
  @models.DateTimeField() declare readAt: Date;
  @models.ForeignKey(() => Person, { onDelete: models.CASCADE }) declare author: models.Related<Person>;
  declare authorId: number;
  @models.ForeignKey(() => Person, { onDelete: models.CASCADE, null: true })
  declare editor: models.RelatedOrNull<Person>;
  @models.ManyToManyField(() => Person) declare readonly readers: models.ManyToManyManager<Person>;
  @models.FileField() declare file: models.FieldFile;
}

class PaperForm extends forms.modelForm(
  Paper,
  {
    fields: ['headline', 'pubDate', 'readAt', 'author', 'editor', 'readers', 'file'],
    labels: { pubDate: 'On' },
  },
  { agreed: new forms.BooleanField(), headline: new forms.IntegerField() },
) {
  cleanAuthor(value: Person): Person {
    return value.name === '' ? value : this.cleanedData.author;
  }
}

class ShortForm extends forms.modelForm(PaperForm, { exclude: ['file', 'readers'] }, { agreed: null }) {}

export async function ofModels(form: PaperForm, short: ShortForm, paper: Paper): Promise<void> {
  const { cleanedData: data } = form;
  const headline: number = data.headline;
  const pubDate: string | null = data.pubDate;
  const readAt: Date = data.readAt;
  const author: Person = data.author;
  const editor: Person | null = data.editor;
  const readers: Person[] = data.readers;
  const agreed: boolean = data.agreed;
  const saved: Paper = await form.save({ commit: false });
  const label: forms.Label = form.pubDate.label;
  void [headline, pubDate, readAt, author, editor, readers, agreed, saved, label, data.file];
  void [
    short.cleanedData.pubDate,
    short.cleanAuthor(author),
    new PaperForm({ instance: paper }).instance.file,
  ];
  const People = forms.modelformsetFactory(Person, { fields: ['name'] });
  for (const { name } of new People({ queryset: Person.objects }).cleanedData) void name.length;
  const Papers = forms.inlineformsetFactory(Person, Paper, { form: PaperForm, fkName: 'author' });
  for (const each of new Papers({ instance: author }).forms) void each.cleanAuthor(author);
  const Choice = forms.form({
    one: new forms.ModelChoiceField({ queryset: Person.objects.all() }),
    none: new forms.ModelChoiceField({ queryset: Person.objects.all(), required: false }),
    several: new forms.ModelMultipleChoiceField({ queryset: Person.objects }),
  });
  const { one, none, several } = new Choice().cleanedData;
  const [name, nobody, names]: [string, Person | null, string[]] = [
    one.name,
    none,
    several.map((each) => each.name),
  ];
  void [name, nobody, names];
}

export function refusesOfModels(form: PaperForm, short: ShortForm): void {
  // @ts-expect-error There is no such field.
  void forms.modelForm(Paper, { fields: ['headlin'] });
  // @ts-expect-error Which fields there are has to be said.
  void forms.modelForm(Paper, { labels: { headline: 'x' } });
  // @ts-expect-error There is no label of what is no field.
  void forms.modelForm(Paper, { fields: ['headline'], labels: { headlin: 'x' } });
  // @ts-expect-error A widget is no text.
  void forms.modelForm(Paper, { fields: ['headline'], widgets: { headline: 'x' } });
  // @ts-expect-error It is one of the model's own rows.
  void new PaperForm({ instance: new Person() });
  // @ts-expect-error It is a row, not a key.
  const author: number = form.cleanedData.author;
  // @ts-expect-error It was left out.
  void short.cleanedData.readers;
  // @ts-expect-error It was removed.
  void short.cleanedData.agreed;
  // @ts-expect-error It is not in the list.
  void forms.modelformFactory(Paper, { fields: ['headline'] }).baseFields.pubDate;
  void author;
}
