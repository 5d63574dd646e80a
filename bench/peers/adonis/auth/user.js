import { BaseModel, column } from '@adonisjs/lucid/orm';

/** Lucid's decorators, called as functions. */
export default class User extends BaseModel {
  static table = 'users';
}
column({ isPrimary: true })(User.prototype, 'id');
for (const name of ['username', 'email', 'active']) column()(User.prototype, name);
