/** Words of SQL. Django: `django.db.models.sql.constants`, `where`. */
export const INNER = 'INNER JOIN';
export const LOUTER = 'LEFT OUTER JOIN';
export type JoinType = typeof INNER | typeof LOUTER;

export const AND = 'AND';
export const OR = 'OR';
export const XOR = 'XOR';
export type Connector = typeof AND | typeof OR | typeof XOR;

/** What stands between the names of a path. */
export const LOOKUP_SEP = '__';
