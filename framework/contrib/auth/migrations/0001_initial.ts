import * as migrations from '../../../db/migrations';
import * as models from '../../../db/models';
import { GroupManager, PermissionManager, UserManager } from '../models';
import { UnicodeUsernameValidator } from '../validators';

export class Migration extends migrations.Migration {
  override dependencies = [['contenttypes', '__first__'] as const];
  override operations = [
    new migrations.CreateModel({
      name: 'Permission',
      fields: [
        [
          'id',
          new models.AutoField({ verboseName: 'ID', serialize: false, autoCreated: true, primaryKey: true }),
        ],
        ['name', new models.CharField({ maxLength: 50, verboseName: 'name' })],
        [
          'content_type',
          new models.ForeignKey('contenttypes.ContentType', {
            onDelete: models.CASCADE,
            verboseName: 'content type',
          }),
        ],
        ['codename', new models.CharField({ maxLength: 100, verboseName: 'codename' })],
      ],
      options: {
        ordering: ['contentType__appLabel', 'contentType__model', 'codename'],
        uniqueTogether: [['content_type', 'codename']],
        verboseName: 'permission',
        verboseNamePlural: 'permissions',
      },
      managers: [['objects', new PermissionManager()]],
    }),
    new migrations.CreateModel({
      name: 'Group',
      fields: [
        [
          'id',
          new models.AutoField({ verboseName: 'ID', serialize: false, autoCreated: true, primaryKey: true }),
        ],
        ['name', new models.CharField({ unique: true, maxLength: 80, verboseName: 'name' })],
        [
          'permissions',
          new models.ManyToManyField('auth.Permission', { verboseName: 'permissions', blank: true }),
        ],
      ],
      options: { verboseName: 'group', verboseNamePlural: 'groups' },
      managers: [['objects', new GroupManager()]],
    }),
    new migrations.CreateModel({
      name: 'User',
      fields: [
        [
          'id',
          new models.AutoField({ verboseName: 'ID', serialize: false, autoCreated: true, primaryKey: true }),
        ],
        ['password', new models.CharField({ maxLength: 128, verboseName: 'password' })],
        ['last_login', new models.DateTimeField({ default: () => new Date(), verboseName: 'last login' })],
        [
          'is_superuser',
          new models.BooleanField({
            default: false,
            helpText: 'Designates that this user has all permissions without explicitly assigning them.',
            verboseName: 'superuser status',
          }),
        ],
        [
          'username',
          new models.CharField({
            helpText: 'Required. 30 characters or fewer. Letters, digits and @/./+/-/_ only.',
            maxLength: 30,
            unique: true,
            validators: [new UnicodeUsernameValidator()],
            verboseName: 'username',
          }),
        ],
        ['first_name', new models.CharField({ maxLength: 30, verboseName: 'first name', blank: true })],
        ['last_name', new models.CharField({ maxLength: 30, verboseName: 'last name', blank: true })],
        ['email', new models.EmailField({ maxLength: 75, verboseName: 'email address', blank: true })],
        [
          'is_staff',
          new models.BooleanField({
            default: false,
            helpText: 'Designates whether the user can log into this admin site.',
            verboseName: 'staff status',
          }),
        ],
        [
          'is_active',
          new models.BooleanField({
            default: true,
            verboseName: 'active',
            helpText:
              'Designates whether this user should be treated as active. Unselect this instead of deleting accounts.',
          }),
        ],
        ['date_joined', new models.DateTimeField({ default: () => new Date(), verboseName: 'date joined' })],
        [
          'groups',
          new models.ManyToManyField('auth.Group', {
            verboseName: 'groups',
            blank: true,
            relatedName: 'user_set',
            relatedQueryName: 'user',
            helpText:
              'The groups this user belongs to. A user will get all permissions granted to each of their groups.',
          }),
        ],
        [
          'user_permissions',
          new models.ManyToManyField('auth.Permission', {
            verboseName: 'user permissions',
            blank: true,
            helpText: 'Specific permissions for this user.',
            relatedName: 'user_set',
            relatedQueryName: 'user',
          }),
        ],
      ],
      options: { swappable: 'AUTH_USER_MODEL', verboseName: 'user', verboseNamePlural: 'users' },
      managers: [['objects', new UserManager()]],
    }),
  ];
}
