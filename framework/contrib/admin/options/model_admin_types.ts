/** What the options of an admin of a model may say. */
import type { Model, ModelClass } from '../../../db/models/base';
import type { ActionFunction, AdminSite } from '../sites';
import type { ModelAdmin } from './model_admin';

/** A class of admins of a model. */
export type ModelAdminClass<M extends Model = Model> = new (
  model: ModelClass<M>,
  adminSite: AdminSite,
) => ModelAdmin<M>;

/** The names of a model's members: what can be a column. */
export type MemberName<M> = Extract<keyof M, string> | '__str__' | `${string}__${string}`;

type OptionName = {
  [K in keyof ModelAdmin<Model>]-?: ModelAdmin<Model>[K] extends (...args: never[]) => unknown ? never : K;
}[keyof ModelAdmin<Model>];
type Plain<M extends Model> = Partial<
  Pick<
    ModelAdmin<M>,
    Exclude<
      OptionName,
      'model' | 'adminSite' | 'opts' | 'urls' | 'media' | 'checksClass' | keyof NamedOptions<M>
    >
  >
>;

/** The options that name what the model has. */
interface NamedOptions<M extends Model> {
  listDisplay?: readonly (MemberName<M> | ((row: M) => unknown))[];
  listDisplayLinks?: readonly (MemberName<M> | ((row: M) => unknown))[] | null;
  listEditable?: readonly MemberName<M>[];
  exportFields?: readonly (MemberName<M> | ((row: M) => unknown))[] | null;
  searchFields?: readonly (MemberName<M> | `${'^' | '=' | '@'}${string}`)[];
  readonlyFields?: readonly (MemberName<M> | ((row: M) => unknown))[];
  exclude?: readonly MemberName<M>[] | null;
  rawIdFields?: readonly MemberName<M>[];
  autocompleteFields?: readonly MemberName<M>[];
  dateHierarchy?: MemberName<M> | null;
}

/** The options of an admin without a class of its own: those that name members of the model are checked. */
export type ModelAdminOptions<M extends Model = Model> = Plain<M> & NamedOptions<M>;

/** An action: its function, its name, and what the list of actions calls it. */
export type AdminAction = readonly [run: ActionFunction, name: string, description: string];
