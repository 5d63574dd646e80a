/** Backends and middleware of the recorded site of users: who they let in is what the recording says. */
import { RemoteUserBackend } from 'tsango/contrib/auth/backends';
import { RemoteUserMiddleware } from 'tsango/contrib/auth/middleware';
import type { AbstractBaseUser, User } from 'tsango/contrib/auth/models';
import type { HttpRequest } from 'tsango/http';

/** The name comes by another header. */
export class CustomHeaderMiddleware extends RemoteUserMiddleware {
  override header = 'HTTP_AUTHUSER';
}

/** Lets in who is known, and nobody else. */
export class RemoteUserNoCreateBackend extends RemoteUserBackend {
  override createUnknownUser = false;
}

/** Knows users by the name before the `@`, and notes how they came to be. */
export class CustomRemoteUserBackend extends RemoteUserBackend {
  override cleanUsername(username: string): string {
    return username.split('@')[0] ?? '';
  }

  override async configureUser(
    request: HttpRequest,
    user: AbstractBaseUser | null,
    created: boolean,
  ): Promise<AbstractBaseUser | null> {
    const row = user as User;
    if (created) row.email = request.META['REMOTE_EMAIL'] ?? '';
    else row.lastName = row.username;
    await row.save();
    return row;
  }
}
