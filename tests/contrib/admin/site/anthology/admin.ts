import * as admin from 'tsango/contrib/admin';
import { Anthology, Poem } from './models';

class PoemInline extends admin.TabularInline<Poem> {
  override readonly model = Poem;
  override extra = 2;
  override readonly sortableField = 'sortOrder';
}

admin.site.register(Anthology, { inlines: [PoemInline] });
