/**
 * What becomes of rows whose target is deleted. Django: `django.db.models.deletion`. As in Django, the tables know
 * nothing of it; `delete()` carries it out.
 */
export const CASCADE = 'CASCADE';
export const PROTECT = 'PROTECT';
export const RESTRICT = 'RESTRICT';
export const SET_NULL = 'SET_NULL';
export const SET_DEFAULT = 'SET_DEFAULT';
export const DO_NOTHING = 'DO_NOTHING';
