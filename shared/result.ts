/**
 * What the world does to us is a value, not an exception: it crosses process borders as data (thrown classes lose
 * their fields there) and the operator gets a sentence that says what happened, to what, and the next step.
 */
export type FailureKind =
  | 'unreachable' // nothing there, refused, reset, name not found
  | 'timeout' // its deadline passed
  | 'refused' // egress rule, authentication, permission
  | 'unexpected-reply' // it answered, but not what was asked or not in a known form
  | 'too-large' // a size limit was passed
  | 'stale' // the answer would rest on inputs that are too old
  | 'invalid-input' // the caller's value; `field` names the first bad one
  | 'not-found' // no such site, machine, file, source
  | 'not-supported' // known but not built or not possible here
  | 'unwritable' // disk, folder, permission
  | 'in-use' // another Hashyard holds the data folder
  | 'cancelled' // the caller no longer wants the answer
  | 'internal' // ours; the log has the details

export type Failure = {
  readonly kind: FailureKind
  readonly message: string
  readonly field?: string
  readonly line?: number
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })

export const failed = (
  kind: FailureKind,
  message: string,
  more: { field?: string; line?: number } = {},
): { readonly ok: false; readonly failure: Failure } => ({ ok: false, failure: { kind, message, ...more } })
