/** What users do: sign up, and change the notes that are theirs. */
import { login } from 'tsango/contrib/auth';
import { UserCreationForm } from 'tsango/contrib/auth/forms';
import { LoginRequiredMixin } from 'tsango/contrib/auth/mixins';
import type { User } from 'tsango/contrib/auth/models';
import * as messages from 'tsango/contrib/messages';
import { PermissionDenied } from 'tsango/core/exceptions';
import * as forms from 'tsango/forms';
import { reverseLazy } from 'tsango/urls';
import { CreateView, DeleteView, UpdateView } from 'tsango/views/generic';
import { Note } from './models';

/** A name, a password twice, and an address for whoever forgets it. */
class SignUpForm extends forms.modelForm(UserCreationForm, { fields: ['username', 'email'] }) {}

/** Makes a user, who is logged in at once. */
export class SignUpView extends CreateView<User> {
  override formClass = SignUpForm;
  override templateName = 'registration/signup.html';
  override successUrl = reverseLazy('home');

  override async formValid(form: SignUpForm) {
    const response = await super.formValid(form);
    await login(this.request, this.object);
    messages.success(this.request, `Welcome, ${this.object.username}.`);
    return response;
  }
}

/** The note that the URL means. @throws PermissionDenied for who neither wrote it nor has the permission. */
async function ownNote(
  view: UpdateView<Note> | DeleteView<Note>,
  note: Note,
  permission: string,
): Promise<Note> {
  const [user, author] = [await view.request.user, await note.author];
  if (author.userId === user.pk || (await user.hasPerm(permission))) return note;
  throw new PermissionDenied('That note is somebody else’s.');
}

export class EditNoteView extends LoginRequiredMixin(UpdateView<Note>) {
  override model = Note;
  override fields = ['text'];
  override successUrl = reverseLazy('home');

  override async getObject() {
    return ownNote(this, await super.getObject(), 'sampleapp.change_note');
  }
}

export class DeleteNoteView extends LoginRequiredMixin(DeleteView<Note>) {
  override model = Note;
  override successUrl = reverseLazy('home');

  override async getObject() {
    return ownNote(this, await super.getObject(), 'sampleapp.delete_note');
  }
}
