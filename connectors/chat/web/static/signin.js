// Where every line is simulated nothing can be burnt: the link of the demo opens the inbox at once.
document.getElementById("signin").requestSubmit();
