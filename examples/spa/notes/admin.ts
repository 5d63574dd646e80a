import * as admin from 'tsango/contrib/admin';
import { Note } from './models';

admin.site.register(Note, { listDisplay: ['text', 'owner', 'done'], listFilter: ['done'] });
