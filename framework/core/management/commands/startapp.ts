import { camelCase } from '../../../utils/module_loading';
import type { Options } from '../base';
import { TemplateCommand } from '../templates';

interface Arguments {
  name: string;
  directory?: string;
}

/** Creates the files of an app. Django: https://docs.djangoproject.com/en/5.2/ref/django-admin/#startapp */
export class Command extends TemplateCommand<Arguments> {
  override help =
    'Creates an app directory structure for the given app name in the current directory or optionally in the given directory.';
  override missingArgsMessage = 'You must provide an application name.';

  override handle({ name, directory, verbosity }: Options<Arguments>): void {
    this.validateName(name, 'app');
    const target = this.targetFolder(name, directory);
    const camel = camelCase(name);
    const written = this.writeTemplate('app_template', target, {
      app_name: name,
      camel_case_app_name: camel.charAt(0).toUpperCase() + camel.slice(1),
    });
    if (verbosity >= 2) for (const file of written) this.stdout.write(`Creating ${file}`);
    if (verbosity >= 1) {
      this.stdout.write(`Created the app '${name}'. Add '${name}' to INSTALLED_APPS to install it.`);
    }
  }
}
