import type { Reply } from './stances.ts';

/** A comment that somebody wrote, known by its text. */
export interface WrittenComment {
  text: string;
  authorId: number;
  videoId: number;
  /** Undefined when the reply was lost: nobody knows whether there is such a comment. */
  id: number | undefined;
  /** Who has tried to delete it, for as long as nobody knows whether they succeeded. */
  triedBy: number[];
  /** Who succeeded; when somebody else finds it gone before the reply, `unknown`. */
  deletedBy: number | 'unknown' | undefined;
}

/** The comments that everybody wrote. */
export interface Comments {
  wrote(comment: Pick<WrittenComment, 'text' | 'authorId' | 'videoId'>, id: number | undefined): void;
  /** Before the request is sent: from then on others may find it deleted. */
  tryToDelete(comment: WrittenComment, personId: number): void;
  deleted(comment: WrittenComment, personId: number, reply: Reply | 'not found'): void;
  all(): readonly WrittenComment[];
  /** Comments that a person may delete and of which it is not known that they are gone. */
  deletableBy(personId: number, ownVideoIds: ReadonlySet<number>): WrittenComment[];
  /** Once nothing is under way any more, the rows tell what lost replies had left open. */
  learn(ids: ReadonlyMap<string, number>): void;
}

/** Whether it is certain that a comment is there. */
export const mustBeThere = ({ id, triedBy, deletedBy }: WrittenComment): boolean =>
  id !== undefined && triedBy.length === 0 && deletedBy === undefined;

/** Whether it is possible that a comment is there. */
export const mayBeThere = ({ deletedBy }: WrittenComment): boolean => deletedBy === undefined;

/** Nobody has written anything at first. */
export function createComments(): Comments {
  let comments: WrittenComment[] = [];
  return {
    wrote: (comment, id) => {
      comments.push({ ...comment, id, triedBy: [], deletedBy: undefined });
    },
    tryToDelete: (comment, personId) => {
      comment.triedBy.push(personId);
    },
    deleted: (comment, personId, reply) => {
      if (reply === 'acknowledged') {
        if (typeof comment.deletedBy === 'number') throw new Error(`${comment.deletedBy} has deleted it already`);
        comment.deletedBy = personId;
      }
      if (reply !== 'not found') return;
      // Somebody else was faster, or an earlier attempt of whose success nobody knew.
      if (comment.triedBy.length < 2) throw new Error('it should be there: nobody else has tried to delete it');
      comment.deletedBy ??= 'unknown';
    },
    all: () => comments,
    deletableBy: (personId, ownVideoIds) =>
      comments.filter(
        (comment) =>
          comment.id !== undefined &&
          mayBeThere(comment) &&
          (comment.authorId === personId || ownVideoIds.has(comment.videoId)),
      ),
    learn: (ids) => {
      comments = comments.flatMap((comment) => {
        const id = ids.get(comment.text);
        return id === undefined ? [] : [{ ...comment, id, triedBy: [] }];
      });
    },
  };
}
