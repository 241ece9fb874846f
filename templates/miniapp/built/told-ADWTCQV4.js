import{a,b}from"./chunk-EOWSNPCI.js";import"./chunk-ZCQJA6LQ.js";export{b as buttons,a as show};
