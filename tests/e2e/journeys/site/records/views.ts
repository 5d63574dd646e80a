import * as forms from 'tsango/forms';
import { CreateView, DeleteView, DetailView, ListView, UpdateView } from 'tsango/views/generic';
import { Specimen } from './models';

class SpecimenForm extends forms.modelForm(Specimen, {
  fields: '__all__',
  widgets: { color: forms.RadioSelect, day: new forms.DateInput({ attrs: { autocomplete: 'off' } }) },
}) {
  cleanName(name: string): string {
    if (name.length < 2) throw new forms.ValidationError('Two letters at least.', { code: 'short' });
    return name;
  }

  override async clean(): Promise<void> {
    await super.clean();
    const { count, agreed } = this.cleanedData as { count?: number; agreed?: boolean };
    if (count !== undefined && count > 100 && agreed === false)
      this.addError('agreed', 'So many need your consent.');
  }
}

export class SpecimenList extends ListView<Specimen> {
  override model = Specimen;
  override paginateBy = 2;
}

export class SpecimenDetail extends DetailView<Specimen> {
  override model = Specimen;
}

export class CreateSpecimen extends CreateView<Specimen> {
  override model = Specimen;
  override formClass = SpecimenForm;
}

export class UpdateSpecimen extends UpdateView<Specimen> {
  override model = Specimen;
  override formClass = SpecimenForm;
}

export class DeleteSpecimen extends DeleteView<Specimen> {
  override model = Specimen;
  override successUrl = '/records/';
}
