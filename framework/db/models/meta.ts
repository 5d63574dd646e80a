/** What stands in a model's `Meta`. https://docs.djangoproject.com/en/5.2/ref/models/options/ */
import type { Text } from '../../utils/functional';
import type { Constraint } from './constraints';
import type { Expression } from './expressions/base';
import type { Index } from './indexes';

/** A model's `Meta`: Django's options, in camelCase. */
export interface MetaOptions {
  appLabel?: string;
  /** Default: `<app>_<model>`. */
  dbTable?: string;
  /** What the database says of the table (PostgreSQL, MySQL). */
  dbTableComment?: string;
  /** Where the table lies (PostgreSQL). Default: DEFAULT_TABLESPACE. */
  dbTablespace?: string;
  verboseName?: Text;
  verboseNamePlural?: Text;
  /** What `objects` sorts by: fields, a leading hyphen means descending, or expressions. */
  ordering?: readonly (string | Expression)[];
  /** The rows of each row that this foreign key refers to have an order of their own. It excludes `ordering`. */
  orderWithRespectTo?: string;
  uniqueTogether?: readonly (readonly string[])[];
  indexes?: readonly Index[];
  constraints?: readonly Constraint[];
  /** False: migrations leave the table alone. */
  managed?: boolean;
  /** The class only hands its fields on. */
  abstract?: boolean;
  /** The class is another one for the rows of the model that it extends. */
  proxy?: boolean;
  /** The name of the setting by which a site may put a model of its own in the place of this one. */
  swappable?: string;
  /** What `latest` and `earliest` look at, one field or several. */
  getLatestBy?: string | readonly string[];
  /** The manager that the framework asks. Default: the first one. */
  defaultManagerName?: string;
  /** The manager that related rows are looked for with. Default: a plain one. */
  baseManagerName?: string;
  permissions?: readonly (readonly [string, Text])[];
  defaultPermissions?: readonly string[];
  /** The `relatedName` of its relations that have none. */
  defaultRelatedName?: string;
  /** What a database has to be able to do for the model to have a table there. */
  requiredDbFeatures?: readonly string[];
  /** The only kind of database in which the model has a table. */
  requiredDbVendor?: 'sqlite' | 'postgresql' | 'mysql';
  /** `save` looks whether there is a row before it writes one. */
  selectOnSave?: boolean;
}
