// Keeps each element with data-live true: a change told by the server, or a new connection after a lost one, refreshes it.
document.addEventListener('DOMContentLoaded', () => {
  const note = document.getElementById('live');
  for (const element of document.querySelectorAll('[data-live]')) {
    let pending;
    const refresh = () => {
      clearTimeout(pending);
      pending = setTimeout(() => htmx.trigger(element, 'refresh'), 100);
    };
    const source = new EventSource(element.dataset.live);
    source.addEventListener('toolbox', refresh);
    source.addEventListener('tool', refresh);
    source.addEventListener('resync', refresh);
    source.onopen = () => { note.textContent = 'live'; note.className = 'live on'; refresh(); };
    source.onerror = () => { note.textContent = 'connecting again …'; note.className = 'live off'; };
    document.body.addEventListener('done', refresh);
  }
  document.body.addEventListener('htmx:afterRequest', (event) => {
    if (event.detail.successful && event.detail.elt.matches('form[data-reset]')) event.detail.elt.reset();
  });
});
