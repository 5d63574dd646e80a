import * as forms from 'tsango/forms';

export class ReadingForm extends forms.form({
  sensor: new forms.SlugField({ maxLength: 50 }),
  value: new forms.FloatField({ minValue: -1e6, maxValue: 1e6 }),
}) {}
