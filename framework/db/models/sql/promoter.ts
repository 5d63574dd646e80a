/** Which joins must keep rows without a partner. Django: `JoinPromoter`. */
import { AND, type Connector, OR } from './constants';
import type { Query } from './query';

/** Counts for each join how many children of a condition need it to have a row. */
export class JoinPromoter {
  private readonly effective: Connector;
  private readonly votes = new Map<string, number>();

  constructor(
    connector: Connector,
    private readonly children: number,
    negated: boolean,
  ) {
    this.effective = negated ? (connector === AND ? OR : AND) : connector;
  }

  addVotes(aliases: Iterable<string>): void {
    for (const alias of aliases) this.votes.set(alias, (this.votes.get(alias) ?? 0) + 1);
  }

  /** Changes the joins; the result are those that can be inner joins. */
  updateJoinTypes(query: Query): Set<string> {
    const promote = new Set<string>();
    const demote = new Set<string>();
    for (const [alias, votes] of this.votes) {
      if (this.effective === OR && votes < this.children) promote.add(alias);
      if (this.effective === AND || (this.effective === OR && votes === this.children)) demote.add(alias);
    }
    query.promoteJoins(promote);
    query.demoteJoins(demote);
    return demote;
  }
}
