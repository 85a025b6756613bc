(()=>{var e=document.querySelector("form[data-handover]"),[t]=performance.getEntriesByType("navigation");e&&!(t&&t.type==="back_forward")&&e.submit();})();
