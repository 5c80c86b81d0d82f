import { createCard } from './card.js';

const mostCards = 90;
const keptBehind = 10;

/**
 * The column of videos: exactly one plays, its neighbours are loaded, the others hold a cover at most.
 * `onNearEnd` is called when the last videos come near.
 */
export const createPlayer = ({ root, template, onNearEnd, onLike }) => {
  let cards = [];
  let active;
  let soundOn = false;

  const positionOf = (card) => cards.indexOf(card);

  const setSound = (on) => {
    soundOn = on;
    for (const card of cards) card.showSound(on);
  };

  const togglePlay = (card) => (card.media.paused ? card.play({ muted: !soundOn }) : card.pause());

  const handlers = {
    // The first tap is for the sound, which browsers give only after a tap; later ones stop and go on.
    onTap: (card) => (!soundOn && !card.media.paused ? setSound(true) : togglePlay(card)),
    onSound: () => setSound(!soundOn),
    onLike,
  };

  const loadAround = (position) => {
    cards.forEach((card, index) => {
      const distance = Math.abs(index - position);
      if (distance > 1) card.detach();
      if (distance === 1) card.attach();
      if (distance <= 3) card.showCover();
    });
  };

  const activate = (card) => {
    if (card === active) return;
    if (active) {
      active.pause();
      active.media.currentTime = 0;
    }
    active = card;
    card.attach();
    card.showSound(soundOn);
    if (!document.hidden) void card.play({ muted: !soundOn });
    const position = positionOf(card);
    loadAround(position);
    if (position >= cards.length - 3) onNearEnd();
  };

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const card = isIntersecting && cards.find(({ element }) => element === target);
        if (card) activate(card);
      }
    },
    { root, threshold: 0.6 },
  );

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) active?.pause();
    else if (active) void active.play({ muted: !soundOn });
  });

  const remove = (card) => {
    observer.unobserve(card.element);
    card.detach();
    card.element.remove();
  };

  /** A feed that loops grows without end: what lies far behind goes. */
  const forgetOldCards = () => {
    const superfluous = Math.min(cards.length - mostCards, positionOf(active) - keptBehind);
    if (superfluous <= 0) return;
    for (const card of cards.slice(0, superfluous)) remove(card);
    cards = cards.slice(superfluous);
    active.element.scrollIntoView({ behavior: 'instant' });
  };

  return {
    get active() {
      return active;
    },
    append: (videos) => {
      for (const video of videos) {
        const card = createCard(template, video, handlers);
        cards.push(card);
        root.append(card.element);
        observer.observe(card.element);
      }
      forgetOldCards();
      if (active) loadAround(positionOf(active));
    },
    clear: () => {
      for (const card of cards) remove(card);
      cards = [];
      active = undefined;
    },
    move: (steps) => {
      const target = cards[positionOf(active) + steps];
      target?.element.scrollIntoView({ behavior: 'smooth' });
    },
    togglePlay: () => active && togglePlay(active),
    toggleSound: () => setSound(!soundOn),
  };
};
