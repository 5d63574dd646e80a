/** Users and groups in the admin. Django: `django.contrib.auth.admin`. */
import { settings } from '../../conf';
import { Http404, PermissionDenied } from '../../core/exceptions';
import type { ManyToManyField } from '../../db/models/fields/related';
import { router } from '../../db/router';
import { atomic } from '../../db/transaction';
import type { Field as FormField } from '../../forms';
import type { ModelForm } from '../../forms/models';
import type { FormFieldOptions } from '../../forms/models/formfields';
import type { HttpRequest } from '../../http/request';
import { HttpResponseRedirect } from '../../http/response';
import type { HttpResponseBase } from '../../http/response_base';
import { TemplateResponse } from '../../template/response';
import { path, reverse, type UrlEntry } from '../../urls';
import { gettextLazy as _, gettext } from '../../utils/translation';
// What says what a report hides of a request.
import type {} from '../../views/decorators/debug';
import * as admin from '../admin';
import { AdminForm } from '../admin/helpers';
import type { FormOptions } from '../admin/options/forms';
import { type Fieldsets, IS_POPUP_VAR } from '../admin/types';
import { unquote } from '../admin/utils/quote';
import { success } from '../messages';
import { AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm } from './forms';
import { updateSessionAuthHash } from './login';
import { Group, User } from './models';

/** The permissions of a form with their content types, which their names are made of. */
function withContentTypes(field: ManyToManyField, options: FormFieldOptions): FormFieldOptions {
  if (field.name !== 'permissions' && field.name !== 'user_permissions') return options;
  const { Permission } = require('./models') as typeof import('./models');
  return {
    ...options,
    queryset: options.queryset ?? (Permission.objects.selectRelated('contentType') as never),
  };
}

/** Groups. */
export class GroupAdmin extends admin.ModelAdmin<Group> {
  override searchFields = ['name'];
  override ordering = ['name'];
  override filterHorizontal = ['permissions'];

  override formfieldForManytomany(
    field: ManyToManyField,
    request: HttpRequest,
    options: FormFieldOptions,
  ): FormField | null {
    return super.formfieldForManytomany(field, request, withContentTypes(field, options));
  }
}

/** Users: made by a name and a password, whose other fields come after. A site's own extends it. */
export class UserAdmin<U extends User = User> extends admin.ModelAdmin<U> {
  override addFormTemplate: string | null = 'admin/auth/user/add_form.html';
  changeUserPasswordTemplate: string | null = null;
  override fieldsets: Fieldsets<U> | null = [
    [null, { fields: ['username', 'password'] }],
    [_('Personal info'), { fields: ['firstName', 'lastName', 'email'] }],
    [_('Permissions'), { fields: ['isActive', 'isStaff', 'isSuperuser', 'groups', 'userPermissions'] }],
    [_('Important dates'), { fields: ['lastLogin', 'dateJoined'] }],
  ];
  /** The fieldsets of the form that makes a user. */
  addFieldsets: Fieldsets<U> = [
    [null, { classes: ['wide'], fields: ['username', 'usablePassword', 'password1', 'password2'] }],
  ];
  override form: admin.ModelAdmin<U>['form'] = UserChangeForm;
  /** The form that makes a user. */
  addForm: admin.ModelAdmin<U>['form'] = AdminUserCreationForm;
  /** The form that changes another one's password. */
  changePasswordForm = AdminPasswordChangeForm;
  override listDisplay: admin.ModelAdmin<U>['listDisplay'] = [
    'username',
    'email',
    'firstName',
    'lastName',
    'isStaff',
  ];
  override listFilter: admin.ModelAdmin<U>['listFilter'] = ['isStaff', 'isSuperuser', 'isActive', 'groups'];
  override searchFields: readonly string[] = ['username', 'firstName', 'lastName', 'email'];
  override ordering: admin.ModelAdmin<U>['ordering'] = ['username'];
  override filterHorizontal: readonly string[] = ['groups', 'userPermissions'];

  override async getFieldsets(request: HttpRequest, obj: U | null = null): Promise<Fieldsets<U>> {
    return obj === null ? this.addFieldsets : super.getFieldsets(request, obj);
  }

  override getForm(
    request: HttpRequest,
    obj: U | null = null,
    options: FormOptions = {},
  ): Promise<typeof ModelForm> {
    return super.getForm(request, obj, obj === null ? { form: this.addForm, ...options } : options);
  }

  override formfieldForManytomany(
    field: ManyToManyField,
    request: HttpRequest,
    options: FormFieldOptions,
  ): FormField | null {
    return super.formfieldForManytomany(field, request, withContentTypes(field, options));
  }

  override getUrls(): UrlEntry[] {
    const view = this.adminSite.adminView((request, { id }) => this.userChangePassword(request, String(id)));
    return [path('<id>/password/', view as never, { name: 'auth_user_password_change' }), ...super.getUrls()];
  }

  /** Nobody guesses a hash letter by letter. */
  override lookupAllowed(lookup: string, value: unknown, request: HttpRequest): boolean {
    return !lookup.startsWith('password') && super.lookupAllowed(lookup, value, request);
  }

  /** Whoever could make users and not change them could make one with every permission. @throws PermissionDenied, Http404 */
  override addView(
    request: HttpRequest,
    formUrl = '',
    extraContext: Readonly<Record<string, unknown>> = {},
  ): Promise<HttpResponseBase> {
    request.sensitivePostParameters = '__ALL__';
    const view = async (): Promise<HttpResponseBase> => {
      if (!(await this.hasChangePermission(request))) {
        if ((await this.hasAddPermission(request)) && settings.DEBUG) {
          throw new Http404(
            'Your user does not have the "Change user" permission. In order to add users, Django requires that your ' +
              'user account have both the "Add user" and "Change user" permissions set.',
          );
        }
        throw new PermissionDenied();
      }
      const username = this.opts.fieldsByProperty.get('username') ?? this.opts.getField('username');
      return super.addView(request, formUrl, {
        auto_populated_fields: [],
        username_help_text: username.helpText,
        ...extraContext,
      });
    };
    return request.method === 'POST'
      ? Promise.resolve(atomic(view, { using: router.dbForWrite(this.model) }))
      : view();
  }

  /** A new user's other fields come on the next page. */
  override responseAdd(
    request: HttpRequest,
    obj: U,
    postUrlContinue: string | null = null,
  ): Promise<HttpResponseBase> {
    if (!request.POST.has('_addanother') && !request.POST.has(IS_POPUP_VAR)) {
      const data = request.POST.copy();
      data.set('_continue', '1');
      request.POST = data;
    }
    return super.responseAdd(request, obj, postUrlContinue);
  }

  /** The page to change another one's password. @throws PermissionDenied, Http404 */
  async userChangePassword(request: HttpRequest, id: string, formUrl = ''): Promise<HttpResponseBase> {
    request.sensitivePostParameters = '__ALL__';
    const user = await this.getObject(request, unquote(id));
    if (!(await this.hasChangePermission(request, user))) throw new PermissionDenied();
    if (user === null) {
      throw new Http404(
        gettext('%(name)s object with primary key %(key)s does not exist.')
          .replace('%(name)s', String(this.opts.verboseName))
          .replace('%(key)s', () => JSON.stringify(id)),
      );
    }
    const data = request.method === 'POST' ? { data: request.POST } : {};
    const form = new this.changePasswordForm(user, data);
    if (request.method === 'POST' && (await form.isValid())) return this.savePassword(request, user, form);
    const fields = Object.keys(form.fields);
    const adminForm = new AdminForm({
      form: form as never,
      fieldsets: [[null, { fields }]],
      prepopulated: {},
      admin: this as never,
    });
    const title = user.hasUsablePassword() ? gettext('Change password: %s') : gettext('Set password: %s');
    request.currentApp = this.adminSite.name;
    return new TemplateResponse(
      request,
      this.changeUserPasswordTemplate ?? 'admin/auth/user/change_password.html',
      {
        title: title.replace('%s', () => user.getUsername()),
        adminForm,
        form_url: formUrl,
        form,
        is_popup: request.POST.has(IS_POPUP_VAR) || request.GET.has(IS_POPUP_VAR),
        is_popup_var: IS_POPUP_VAR,
        add: true,
        change: false,
        has_delete_permission: false,
        has_change_permission: true,
        has_absolute_url: false,
        opts: this.opts,
        original: user,
        save_as: false,
        show_save: true,
        ...(await this.adminSite.eachContext(request)),
      },
    );
  }

  private async savePassword(
    request: HttpRequest,
    user: U,
    form: InstanceType<typeof AdminPasswordChangeForm>,
  ): Promise<HttpResponseBase> {
    // Django's two buttons: one sets a password, the other takes it away.
    await form.save();
    await this.logChange(request, user, [{ changed: { fields: [String(gettext('password'))] } }]);
    const isUsable = user.hasUsablePassword();
    success(
      request,
      isUsable
        ? gettext('Password changed successfully.')
        : gettext('Password-based authentication was disabled.'),
    );
    await updateSessionAuthHash(request, user);
    const { appLabel, modelName } = this.opts;
    return new HttpResponseRedirect(
      reverse(`${this.adminSite.name}:${appLabel}_${modelName}_change`, { args: [user.pk] }),
    );
  }
}

if (User._meta.swapped === undefined) admin.site.register(User, UserAdmin as never);
admin.site.register(Group, GroupAdmin);
