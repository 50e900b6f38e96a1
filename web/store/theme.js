// Puts the chosen theme on the page before anything is drawn.
try {
  const theme = localStorage.getItem('shop.theme');
  if (theme) document.documentElement.dataset.theme = theme;
} catch {}
