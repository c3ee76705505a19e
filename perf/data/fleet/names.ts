type Names = readonly [string, ...string[]];

/** Words to make names and addresses of, by country. All people and firms are invented. */
export type NameList = {
  firstNames: Names;
  lastNames: Names;
  streets: Names;
  shops: Names;
  instructions: Names;
};

const US: NameList = {
  firstNames: words(
    'Aaliyah Aaron Abigail Andre Angela Anthony Beatriz Brian Carla Carlos Cheryl Chloe Daniel Darius Deborah Diego Elena Emily Eric Fatima Gabriel Grace Hannah Hassan Isaac Jamal Janet Jasmine Jorge Joyce Karen Kevin Latoya Leo Linda Luis Maria Marcus Mei Michelle Monique Nadia Nathan Olga Oscar Patricia Paul Priya Rachel Ramon Rebecca Ryan Samuel Sarah Sofia Stephen Tamara Theresa Tyrone Valerie Victor Wanda Xavier Yusuf Zoe',
  ),
  lastNames: words(
    'Abrams Alvarez Andersen Baker Banks Bauer Bennett Bianchi Brooks Carlson Castillo Chen Coleman Cruz Davis Delgado Dixon Edwards Erickson Fischer Flores Foster Garcia Gibson Gomez Grant Gupta Hansen Harris Hayes Hernandez Hill Holm Jackson Jensen Johnson Kaminski Kelly Kim Kowalski Larsen Lee Lopez Lund Malik Martinez Meyer Mitchell Moore Morales Murphy Nelson Nguyen Novak Okafor Olson Ortiz Park Patel Perez Peterson Powell Ramirez Reed Rivera Robinson Ross Ruiz Russo Sanders Schmidt Silva Singh Sullivan Swanson Taylor Thao Torres Turner Vang Walker Ward Washington Wilson Wojcik Wright Young Zielinski',
  ),
  streets: words(
    'Maple_Ave Oak_St Elm_St Cedar_Ln Walnut_St Washington_Blvd Lincoln_Ave Jefferson_St Madison_St Monroe_St Jackson_Blvd Lake_St Park_Ave Ridge_Rd Prairie_Ave Main_St Church_St Center_St Grove_Ave Highland_Ave Hillside_Dr Meadow_Ln River_Rd Spruce_Ct Birch_Ln Willow_Rd Cherry_Ln Division_St Franklin_Ave Grand_Ave Harrison_St Hickory_Dr Juniper_Way Kenwood_Ave Laurel_St Linden_Ave Marion_St North_Ave Orchard_Ln Pine_St Pleasant_St Quincy_St School_St Summit_Ave Sunset_Dr Union_St Valley_View_Rd Wilson_Ave 3rd_St 5th_Ave 8th_St 12th_Ave 22nd_St 31st_St',
  ),
  shops: words(
    'Corner_Bakery_&_Deli Family_Dental Hardware Auto_Parts Flower_Shop Coffee_Roasters Book_Nook Pet_Supply Community_Pharmacy Bike_Works Print_Shop Optical Tailors Music_School Veterinary_Clinic Tap_Room Taqueria Noodle_House Fitness_Studio Day_Care',
  ),
  instructions: [
    'Ring twice',
    'Leave with the doorman',
    'Use the side entrance',
    'Call on arrival',
    'Gate code 4471',
    'Loading dock in the back',
    'Beware of the dog',
    'Second floor, no elevator',
  ],
};

const FR: NameList = {
  firstNames: words(
    'Adrien Agathe Alexis Amélie Antoine Audrey Bastien Benoît Camille Cécile Chloé Clément Damien Delphine Élise Émile Estelle Fabien Florence Gabriel Guillaume Hélène Hugo Inès Jeanne Jérôme Juliette Karim Laurent Léa Lucas Manon Mathilde Mehdi Nathalie Nicolas Océane Olivier Pauline Pierre Quentin Rachid Sabrina Sandrine Sébastien Simon Sylvie Thomas Valérie Victor Yasmine Zoé',
  ),
  lastNames: words(
    'Arnaud Aubert Barbier Benali Bernard Berthier Blanc Bonnet Boyer Brun Carpentier Chevalier Clerc Colin Da_Silva David Deschamps Diallo Dubois Dufour Dupuis Durand Fabre Faure Ferreira Fontaine Gaillard Garnier Gauthier Girard Guérin Haddad Henry Huet Jacquet Lambert Laurent Lefèvre Legrand Lemoine Leroux Mallet Marchand Martel Mercier Meunier Michaud Morel Moulin Nguyen Noël Perrin Philippe Picard Poirier Renard Richard Rivière Robin Rousseau Roux Royer Sanchez Traoré Vidal Vincent',
  ),
  streets: words(
    "rue_des_Tilleuls rue_de_la_République avenue_Jean_Jaurès rue_Victor_Hugo rue_Pasteur chemin_du_Moulin place_de_la_Mairie rue_du_Lac avenue_de_la_Gare rue_des_Écoles rue_de_l'Église impasse_des_Lilas allée_des_Cerisiers boulevard_des_Belges cours_Lafayette rue_Garibaldi quai_de_Saône rue_de_Bourgogne route_de_Vienne chemin_des_Vignes rue_du_Stade rue_Marcel_Cachin avenue_des_Frères_Lumière rue_de_la_Source montée_du_Château rue_Paul_Bert",
  ),
  shops: words(
    'Boulangerie Pharmacie_du_Centre Librairie Fleuriste Opticien Cordonnerie Fromagerie Garage Cave_à_vins Papeterie Salon_de_thé Quincaillerie Clinique_vétérinaire Auto-école',
  ),
  instructions: [
    'Sonner deux fois',
    'Déposer chez le gardien',
    'Code 24B7',
    'Entrée par la cour',
    'Appeler à l’arrivée',
    'Troisième étage sans ascenseur',
  ],
};

/** Lists of names by country code. */
export const NAMES: Readonly<Record<'US' | 'FR', NameList>> = { US, FR };

function words(text: string): Names {
  const [first = '', ...others] = text.split(' ').map((word) => word.replaceAll('_', ' '));
  return [first, ...others];
}
