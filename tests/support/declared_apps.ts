/** Apps of a test: a label, and the models that were declared for it. */
import path from 'node:path';
import { AppConfig, type AppConfigClass } from 'tsango/apps/config';
import type { ModelClass } from 'tsango/db/models/base';

/** An app whose models are those that were declared. Its folder is the one of its dotted name. */
export function appOf(
  name: string,
  classes: readonly ModelClass[],
  folder: string,
  label = name.slice(name.lastIndexOf('.') + 1),
): AppConfigClass {
  return class extends AppConfig {
    static readonly appName = name;
    constructor(dotted: string) {
      super(dotted, path.join(folder, ...name.split('.')));
      this.label = label;
    }
    override hasModule(module: string): boolean {
      return module === 'models';
    }
    override importModule(): Record<string, unknown> {
      return Object.fromEntries(classes.map((cls) => [cls.name, cls]));
    }
  };
}
