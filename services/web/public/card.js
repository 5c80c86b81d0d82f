const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** A link that may be loaded: one of the web, or nothing. */
const webAddress = (text) => {
  try {
    const url = new URL(text, location.href);
    return /^https?:$/.test(url.protocol) ? url.href : '';
  } catch {
    return '';
  }
};

/** One video of the feed: its element, and what can be done with it. All text goes in as text. */
export const createCard = (template, video, handlers) => {
  const element = template.content.firstElementChild.cloneNode(true);
  const part = (selector) => element.querySelector(selector);
  const media = part('video');
  const cover = webAddress(video.cover_url);
  const likeButton = part('.like');

  part('.author').textContent = `@${video.author?.name ?? ''}`;
  part('.title').textContent = video.title;
  element.setAttribute('aria-label', `${video.title}, by ${video.author?.name ?? 'someone'}`);
  element.classList.toggle('is-wide', video.width > video.height);
  element.classList.toggle('is-tall', video.height > 1.6 * video.width);

  const showPaused = (paused) => {
    element.classList.toggle('is-paused', paused);
    part('.surface').setAttribute('aria-label', paused ? 'Play' : 'Pause');
  };

  const card = {
    video,
    element,
    media,

    /** Loads the cover: cheap, for videos that are near. */
    showCover: () => {
      for (const image of [part('.cover'), part('.backdrop')]) if (cover && !image.src) image.src = cover;
    },
    /** Loads the video itself. */
    attach: () => {
      card.showCover();
      if (media.src) return;
      media.src = webAddress(video.play_url);
    },
    /** Gives back what a video that is far away holds. */
    detach: () => {
      if (!media.src) return;
      media.pause();
      media.removeAttribute('src');
      media.load();
      element.classList.remove('is-showing');
    },
    /** Plays; without sound if the browser wants a tap before sound. */
    play: async ({ muted }) => {
      media.muted = muted;
      try {
        await media.play();
      } catch (error) {
        if (error.name !== 'NotAllowedError') return;
        if (!muted) return card.play({ muted: true });
        showPaused(true);
      }
    },
    pause: () => media.pause(),

    showLike: ({ liked, count }) => {
      Object.assign(video, { is_favorite: liked, favorite_count: count });
      likeButton.setAttribute('aria-pressed', String(liked));
      likeButton.setAttribute('aria-label', `Like, ${count} so far`);
      part('.like-count').textContent = compact.format(count);
    },
    showSound: (on) => {
      part('.sound').setAttribute('aria-pressed', String(on));
      part('.sound use').setAttribute('href', on ? '#sound-on' : '#sound-off');
      media.muted = !on;
    },
  };

  media.addEventListener('playing', () => {
    element.classList.add('is-showing');
    showPaused(false);
  });
  media.addEventListener('pause', () => showPaused(true));
  media.addEventListener('timeupdate', () => {
    part('.progress-done').style.transform = `scaleX(${media.currentTime / media.duration || 0})`;
  });
  media.addEventListener('error', () => {
    part('.trouble').hidden = !media.hasAttribute('src');
  });
  part('.surface').addEventListener('click', () => handlers.onTap(card));
  part('.sound').addEventListener('click', () => handlers.onSound(card));
  likeButton.addEventListener('click', () => handlers.onLike(card));
  card.showLike({ liked: video.is_favorite, count: video.favorite_count });
  return card;
};
