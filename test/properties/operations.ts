import type { Cast, Person, VisibleVideo } from './cast.ts';
import type { Chance } from './chance.ts';
import type { WrittenComment } from './model/comments.ts';
import type { Model } from './model/model.ts';

/** Something that a person does. */
export type Operation =
  | { kind: 'like' | 'unlike'; video: VisibleVideo }
  | { kind: 'follow' | 'unfollow'; userId: number }
  | { kind: 'comment'; video: VisibleVideo; text: string }
  | { kind: 'delete comment'; comment: WrittenComment }
  | { kind: 'publish'; title: string; isPlayable: boolean };

interface Scene {
  me: Person;
  cast: Cast;
  model: Model;
  chance: Chance;
  /** Says which operation of this person it is, as none before. */
  name: string;
}

/** One of so many operations publishes something; transcoding it costs more than all the others. */
const onePublicationIn = 400;
/** From so many comments of one's own on, one deletes more than one writes. */
const manyComments = 8;

/** What a person does next: mostly something that was said before already, or is taken back soon. */
export function chooseOperation({ me, cast, model, chance, name }: Scene): Operation {
  if (chance.below(onePublicationIn) === 0)
    return { kind: 'publish', title: `Clip ${name}`, isPlayable: chance.happens(0.6) };
  const dice = chance.number();
  if (dice < 0.45) return { kind: chance.happens(0.6) ? 'like' : 'unlike', video: chance.pick(cast.videos) };
  const others = cast.persons.filter(({ id }) => id !== me.id);
  if (dice < 0.75) return { kind: chance.happens(0.55) ? 'follow' : 'unfollow', userId: chance.pick(others).id };
  const ownVideos = cast.videos.filter(({ authorId }) => authorId === me.id).map(({ id }) => id);
  const deletable = model.comments.deletableBy(me.id, new Set(ownVideos));
  if (deletable.length > 0 && chance.happens(deletable.length > manyComments ? 0.6 : 0.35))
    return { kind: 'delete comment', comment: chance.pick(deletable) };
  return { kind: 'comment', video: chance.pick(cast.videos), text: `Remark ${name}` };
}

export const describeOperation = (operation: Operation): string => {
  switch (operation.kind) {
    case 'like':
    case 'unlike':
      return `${operation.kind} ${operation.video.id}`;
    case 'follow':
    case 'unfollow':
      return `${operation.kind} ${operation.userId}`;
    case 'comment':
      return `comment on ${operation.video.id}: ${operation.text}`;
    case 'delete comment':
      return `delete comment ${operation.comment.id} on ${operation.comment.videoId}: ${operation.comment.text}`;
    case 'publish':
      return `publish ${operation.isPlayable ? '' : 'rubbish as '}${operation.title}`;
  }
};
