/** What goes wrong with a request's body. Django: `django.http.request`, `django.http.multipartparser`. */

/** The body was read as a stream, so its bytes are gone. */
export class RawPostDataException extends Error {
  override readonly name = 'RawPostDataException';
}

/** The connection failed while the body was read. */
export class UnreadablePostError extends Error {
  override readonly name = 'UnreadablePostError';
}

/** A multipart body that is no multipart: answered with 400. */
export class MultiPartParserError extends Error {
  override readonly name = 'MultiPartParserError';
}
