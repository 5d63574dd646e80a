/** Templates in the `templates` folder of each installed app. Django: `django.template.loaders.app_directories`. */
import { getAppTemplateDirs } from '../utils';
import { Loader as FilesystemLoader } from './filesystem';

export class Loader extends FilesystemLoader {
  override get dottedName(): string {
    return 'tsango.template.loaders.app_directories.Loader';
  }

  override getDirs(): readonly string[] {
    return getAppTemplateDirs('templates');
  }
}
